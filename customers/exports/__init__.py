"""Export customers as CSV and as a workbook, in batches, to use little memory for any number.

`columns` names what is exported. An import finds its columns by the same names and headings.
"""
