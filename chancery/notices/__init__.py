"""Notices: who hears of what, when, by mail, with proof of delivery. They follow the trail and are no acts."""
