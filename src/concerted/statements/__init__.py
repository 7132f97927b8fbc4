"""Statements as the workspace keeps them: what they may say, their life, and how two versions differ and are joined."""
