"""What runs beside requests, in one process of several: feeds read, watched questions asked, old articles removed,
the search engine's files put in order.
"""
