/** The words of an officer's registration in English; by themselves, so that the registration loads no words of the desk. */
import type { EnrolmentTexts } from '../ko/enrolment.ts'

export const enrolmentEn: EnrolmentTexts = {
  registerOfficer: 'Register as an officer',
  registerOfficerIntro: 'For executing officers, witnesses, auditors and others of an agency. A platform officer approves, and you are given a certificate.',
  stepOfficer: 'Agency and roles',
  officerName: 'Name',
  agencyId: 'Agency code',
  agencyIdHint: 'Seven characters, such as 1230000',
  agencyName: 'Agency',
  roles: 'Roles',
  rolesHint: 'An approval grants just what you choose.',
  rolesMissing: 'Choose at least one role.',
  roleExecuting: 'executing officer',
  roleWitness: 'witness',
  roleAudit: 'auditor (holds recovery shares)',
  roleEvaluator: 'evaluator',
  rolePlatform: 'platform officer (registrations, outages)',
  enrolmentCode: 'Code of the first platform officer',
  enrolmentCodeHint: 'The one-time code that the server printed when it was installed. For the first platform officer alone.',
  keyIntroOfficer: 'An RSA key of 3072 bits to sign with, and an X25519 key to which seals are made for you. Both stay in this browser; one backup file, encrypted under your passphrase, is downloaded.',
  checkIntroOfficer: 'This is what you apply with. Name and agency will stand in the certificate.',
  nextApprovedOfficer: 'The certificate is here. You can log in and begin.',
  importNoKey: 'This file holds no officer\'s key.'
}
