"""The 総合振込 file of the bankers' association: written and read byte by byte.

Layout: 全銀協 record format, 総合振込 (種別 21), 120 bytes a record in JIS X 0201.
"""
