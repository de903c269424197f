-- From a tender to the members of its joint bids besides the leaders, who are told of its news.
CREATE INDEX `participations_of_members` ON `participations` (`tender_id`,`supplier_id`) WHERE NOT leads;
