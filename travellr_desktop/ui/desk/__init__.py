"""The desk: from search to voucher on one screen."""
