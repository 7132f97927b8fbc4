"""The desk where people judge what belongs together: which money is told twice, which projects and names are one."""
