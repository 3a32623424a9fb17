"""Slack: one post per channel and digest, never two. Refuses to retry by itself and to guess."""

from alerts.channels.slack.sender import SlackSender

__all__ = ["SlackSender"]
