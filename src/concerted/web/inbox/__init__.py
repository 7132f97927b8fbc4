"""The inbox: sheets and files that partners bring, what they would change, receipts, undoing; and sheets to take away.

`reading` turns an upload into a preview, `applying` what was accepted into versions of records, both in bounded memory
and beside the site where they are large (`tasks`).
"""
