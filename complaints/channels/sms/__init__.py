"""SMS to 1708: `<AWALAN> <isi>`, a few commands, and replies that fit one message. docs/sms.md."""

CODE = "sms"
MEDIUM = "SMS"
