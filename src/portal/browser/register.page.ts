/** Registration of a supplier (`/register`). */
import { applySupplier } from '../../client/registration.ts'
import { isBusinessNumber } from '../../domain/business-number.ts'
import type { SupplierProfile } from '../../domain/holder.ts'
import { element } from './page.ts'
import { fieldValue as value, startRegistration } from './registration-form.ts'
import { publicApi } from './session.ts'
import { words } from './supplier-words.ts'

/** While typing: hyphens are taken out, and ten digits are added up. */
function watchBusinessNumber (): void {
  const field = element<HTMLInputElement>('businessNumber')
  const hint = element('businessNumber-hint')
  field.addEventListener('input', () => {
    field.value = field.value.replace(/\D/g, '').slice(0, 10)
    const [whole, good] = [field.value.length === 10, isBusinessNumber(field.value)]
    field.setCustomValidity(whole && !good ? words.businessNumberBad : '')
    hint.textContent = good ? words.businessNumberGood : words.businessNumberHint
  })
}

watchBusinessNumber()
startRegistration<SupplierProfile>({
  kind: 'supplier',
  profile: () => ({
    companyName: value('companyName'),
    businessNumber: value('businessNumber'),
    representative: value('representative'),
    address: value('address'),
    contact: { name: value('contactName'), phone: value('contactPhone'), email: value('contactEmail') },
    linesOfBusiness: value('linesOfBusiness').split(',').map((code) => code.trim()).filter((code) => code !== ''),
    region: value('region')
  }),
  subject: ({ representative: commonName, companyName: organization, businessNumber: serialNumber }) => ({ commonName, organization, serialNumber }),
  facts: ({ companyName, businessNumber, representative, address, contact, linesOfBusiness, region }) => [
    [words.companyName, companyName], [words.businessNumber, businessNumber], [words.representative, representative], [words.address, address],
    [words.region, region], [words.linesOfBusiness, linesOfBusiness.join(', ')], [words.contactName, contact.name],
    [words.contactPhone, contact.phone], [words.contactEmail, contact.email]
  ],
  apply: async (application) => await applySupplier(publicApi, application),
  backup: ({ businessNumber }) => ({ name: `bongin-${businessNumber}.p12`, type: 'application/x-pkcs12' }),
  fieldOf: [
    ['/profile/companyName', 'companyName'], ['/profile/businessNumber', 'businessNumber'], ['/profile/representative', 'representative'],
    ['/profile/address', 'address'], ['/profile/region', 'region'], ['/profile/linesOfBusiness', 'linesOfBusiness'],
    ['/profile/contact/name', 'contactName'], ['/profile/contact/phone', 'contactPhone'], ['/profile/contact/email', 'contactEmail'],
    ['/passphrase', 'passphrase']
  ]
})
// What was typed before a reload is checked as if it were typed now.
element('businessNumber').dispatchEvent(new Event('input'))
