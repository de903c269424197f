DROP INDEX `bids_by_technical_enc`;--> statement-breakpoint
CREATE UNIQUE INDEX `bids_by_technical_enc` ON `bids` (`tender_id`,`technical_enc`) WHERE "bids"."technical_enc" is not null;