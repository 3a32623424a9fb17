"""What came back of what was sent: taken in, and shown.

receiving           mails and events, read, proved, taken in
collecting          what waits in the mailbox for what comes back
hooks               what mail providers post
sns                 what Amazon SNS posts, and its certificates
foreseeing_returns  what would come of reports, and nothing is changed
returned            what came back, for operators
replies             what people answered to an update
"""
