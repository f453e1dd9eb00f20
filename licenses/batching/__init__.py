"""Many licences from one file: read, asked for as `B3`, approved and issued in chunks.

    sheet = reading.read(content, path, catalog)       # rows as wishes, or what is wrong with each
    found = checking.check(session, sheet, ...)        # ... held against clients and orders
    batch = asking.ask(session, found, ...)            # one transaction: all requests or none
    approving.approve(run, batch, drafted)             # the second person signs for each
    issuing.issue(run, batch, folder)                  # signed, verified, registered, written

A chunk has a transaction of its own. Killed in between, the next run goes on where it was: what is
done is told by the states of the requests and by the files in the folder.
"""
