"""The map of the state"""
