/** `record schedule`: the unit prices (산출내역) of a bid out of a record, once that record has been verified. */
import type { Command } from 'commander'
import { recordDecimals } from '../../client/records.ts'
import { unitPricesOf } from '../../crypto/price-schedule.ts'
import { expect } from '../../crypto/record-shape.ts'
import type { TenderRecord } from '../../crypto/record.ts'
import { verifyRecord } from '../../crypto/verify-record.ts'
import { parseJws } from '../../crypto/jws.ts'
import type { SupplierId } from '../../domain/ids.ts'
import { scheduleTotal } from '../../domain/unit-prices.ts'
import { priceTable } from '../bid-forms.ts'
import type { Action } from '../context.ts'
import { UsageError } from '../exit-codes.ts'
import { amount, facts } from '../output.ts'
import { readFrom, SOURCE_HELP } from '../record-source.ts'
import { supplierId } from '../values.ts'

/** Who was awarded the contract; before the award, whoever stands first. */
function winnerOf ({ award, opening }: TenderRecord): SupplierId {
  const awarded = award === null ? null : (parseJws(award, 'bongin-award').payload as { supplierId: SupplierId | null }).supplierId
  const winner = awarded ?? (award === null ? opening.rows.find(({ rank }) => rank === 1)?.supplierId : undefined)
  if (winner === undefined) throw new UsageError('Nobody won this tender: name a supplier with --supplier.')
  return winner
}

export function addSchedule (records: Command, action: Action): void {
  records.command('schedule <source>')
    .description('verify a record, open a bid with the released key, and show its unit prices (산출내역)')
    .option('--supplier <supplier>', 'whose bid; the winner\'s unless told otherwise', supplierId)
    .addHelpText('after', `\n${SOURCE_HELP}`)
    .action(action(async (context, source: string, options: { supplier?: SupplierId }) => {
      const { record } = await readFrom(context, source)
      const { failure } = await verifyRecord(record, await context.trustedRoot())
      expect(failure === null, `The record does not verify: ${failure?.step ?? ''}: ${failure?.detail ?? ''}`)
      const supplier = options.supplier ?? winnerOf(record)
      const lines = unitPricesOf(record, supplier)
      const decimals = recordDecimals(record)
      const amountWon = scheduleTotal({ lines, unitPricesCenti: lines.map(({ unitPriceCenti }) => unitPriceCenti), decimals })
      context.out.done({
        json: { tenderId: record.opening.tenderId, supplierId: supplier, amountWon, decimals, lines },
        text: `${priceTable(lines)}${facts([['Tender', record.opening.tenderId], ['Supplier', supplier], ['Total (won)', amount(amountWon, decimals)]])}`
      })
    }))
}
