-- From a supplier to its own bids, for the list of them.
CREATE INDEX `bids_of_supplier` ON `bids` (`supplier_id`,`tender_id`);
