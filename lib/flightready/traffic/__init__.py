"""Traffic: the load that production brings, and what a limited number of servers makes of it.

One definition of a load serves every analysis: `demand.plan` turns users a day into requests a day, requests of each
month of a horizon (adoption, growth, launches), and requests a second at the peak hour, the busiest minute and the
busiest day. What the assessment states wins; then comes what the pilot's log shows (`profile`), then the policy.
"""
