"""From what training gives to what Vosk loads: network, graph and the directory around them.

The network travels as arrays (`network.Network`), so nothing here needs torch but
`checkpoint`, and that only when it reads one.
"""
