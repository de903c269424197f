/** Asking about a notice and answering, in Korean; `en/questions.ts` has the same keys. */

export const questionsKo = {
  askHere: '질의하기',
  askTitle: '공고에 대한 질의',
  askIntro: '질의 내용은 보내는 즉시 누구에게나 공개됩니다. 질의한 업체는 공개하지 않으므로 내용에 업체를 알 수 있는 말을 쓰지 마십시오. 보낸 질의는 고치거나 지울 수 없습니다.',
  askEarly: '아직 질의 기간이 아닙니다.',
  askLate: '질의 기간이 끝났습니다.',
  askField: '질의 내용',
  askHint: '한 번에 2,000자까지, 한 공고에 업체당 20건까지 질의할 수 있습니다.',
  askSend: '질의 보내기',
  askLogin: '질의를 보내려면 업체로 로그인하십시오. 입력한 내용은 이 탭에 남아 있습니다.',
  askSuppliersOnly: '질의는 업체만 할 수 있습니다. 업체로 로그인하십시오.',
  askDone: '질의가 등록되었습니다. 질의 번호:',
  askThereAlready: '같은 내용의 질의가 이미 등록되어 있어 다시 보내지 않았습니다. 질의 번호:',
  askSee: '공고에서 보기',
  askCount: '자',
  openQuestions: '답변할 질의',
  openQuestionsIntro: '답변은 서명되어 바로 공개되며 한 번만 할 수 있습니다. 공고의 내용을 바꾸려면 변경공고를 하십시오. 답변은 입찰마감 전까지 할 수 있습니다.',
  openQuestionsNone: '답변을 기다리는 질의가 없습니다.',
  questionNumber: '질의',
  answerField: '답변',
  answerSend: '답변에 서명하여 등록',
  answerDone: '답변을 등록하였습니다. 질의 번호:',
  answerBad: '답변은 1자 이상 4,000자 이하의 글이어야 하며 제어 문자를 쓸 수 없습니다.'
}

export type QuestionTexts = Readonly<Record<keyof typeof questionsKo, string>>
