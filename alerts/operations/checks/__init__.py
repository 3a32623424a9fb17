"""Whether everything is in order: what `alerts check` looks at.

checking            every problem there is, all at once
checking_settings   what is wrong with the settings themselves
checking_templates  whether each template can be drawn
checking_people     samples of pages and mails for that
checking_index      whether audiences and clocks agree with subscribers
"""
