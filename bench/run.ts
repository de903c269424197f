/** `npm run bench [-- --quick] [-- --json FILE]`: every bench, one after the other; each file also runs alone. */
import { benchFeed } from './feed.ts'
import { benchIntake } from './intake.ts'
import { benchOpening } from './opening.ts'
import { benchReading } from './reading.ts'
import { runBenches } from './report.ts'

await runBenches({ opening: benchOpening, intake: benchIntake, feed: benchFeed, reading: benchReading })
