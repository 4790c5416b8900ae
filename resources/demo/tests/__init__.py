"""Tests of the program; those of the page are in web/test."""
