"""Labelled matching data: registrations and a roster of one population, and who is who in truth.

Made to measure matching, and to try to make it err; everything is described in
docs/matching-data.md.
"""
