/** Asking about a notice and answering, in English, with the same keys as `ko/questions.ts`. */
import type { QuestionTexts } from '../ko/questions.ts'

export const questionsEn: QuestionTexts = {
  askHere: 'Ask a question',
  askTitle: 'A question on the notice',
  askIntro: 'What you ask is public as soon as you send it. Who asked is not: write nothing that tells. A question that was sent can be neither changed nor taken back.',
  askEarly: 'Questions are not taken yet.',
  askLate: 'Questions are not taken any more.',
  askField: 'Your question',
  askHint: 'At most 2,000 characters at a time; a supplier may ask 20 questions on a tender.',
  askSend: 'Send the question',
  askLogin: 'Log in as a supplier to send a question. What you typed stays in this tab.',
  askSuppliersOnly: 'Suppliers alone ask questions. Log in as one.',
  askDone: 'Your question is registered. Its number:',
  askThereAlready: 'This question stands there already, and was not sent again. Its number:',
  askSee: 'See it at the notice',
  askCount: 'characters',
  openQuestions: 'Questions to be answered',
  openQuestionsIntro: 'An answer is signed, public at once, and given once. To change the notice, publish a change notice. Answers are taken until the closing.',
  openQuestionsNone: 'No question waits for an answer.',
  questionNumber: 'Question',
  answerField: 'Answer',
  answerSend: 'Sign the answer',
  answerDone: 'The answer is registered. Question:',
  answerBad: 'An answer is text of 1 to 4,000 characters, without control characters.'
}
