-- Who sits on which committee, for an officer's list of its own tenders.
CREATE TABLE `tender_seats` (
	`tender_id` text NOT NULL,
	`officer_id` text NOT NULL,
	`seat` text NOT NULL,
	PRIMARY KEY(`tender_id`, `officer_id`),
	FOREIGN KEY (`tender_id`) REFERENCES `tenders`(`tender_id`) ON UPDATE no action ON DELETE no action,
	CHECK (`seat` IN ('executing','witness','audit'))
) STRICT;
--> statement-breakpoint
CREATE INDEX `tender_seats_of_officer` ON `tender_seats` (`officer_id`,`tender_id`);--> statement-breakpoint
-- Of tenders that are there already. Recovery officers of published ones stand in signed notices alone, which SQL does not read:
-- these tenders are missing from their lists, and open to them by number as before.
INSERT INTO `tender_seats` SELECT `tender_id`, `created_by`, 'executing' FROM `tenders`;--> statement-breakpoint
INSERT OR IGNORE INTO `tender_seats` SELECT DISTINCT `tender_id`, `holder_id`, `role` FROM `contributions`;--> statement-breakpoint
INSERT OR IGNORE INTO `tender_seats` SELECT `tender_id`, json_extract(`draft`, '$.committee.witness'), 'witness' FROM `tenders` WHERE `draft` IS NOT NULL;--> statement-breakpoint
INSERT OR IGNORE INTO `tender_seats` SELECT `tender_id`, `value`, 'audit' FROM `tenders`, json_each(`draft`, '$.committee.recovery') WHERE `draft` IS NOT NULL;
