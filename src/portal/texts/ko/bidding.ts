/** The words of unit prices, proposals and joint bids in Korean; scripts in the browser use them too. `en/bidding.ts` has the same keys. */

export const biddingKo = {
  // unit prices
  linesTitle: '품목별 단가',
  linesHint: '품목마다 단가를 원 단위로, 소수점 아래 두 자리까지 입력합니다. 표에서 복사한 여러 줄을 붙여 넣으면 아래 품목까지 차례로 채워집니다.',
  lineNumber: '번호',
  lineName: '품명',
  lineUnit: '단위',
  lineQuantity: '수량',
  linePrice: '단가(원)',
  lineTotal: '금액(원)',
  linePriceBad: '0.01원 이상의 단가를 숫자로, 소수점 아래 두 자리까지 입력하십시오.',
  linesFilled: '입력한 품목',
  linesSum: '품목 금액의 합(원)',
  linesTruncated: '원 미만은 합계에서 한 번 버립니다.',
  // proposals
  proposalTitle: '제안서',
  proposalIntro: '요약과 문서 목록은 기술봉투에 따로 봉인되어 가격봉투보다 먼저 열립니다. 문서는 이 브라우저에서 지문(SHA-256)만 계산하며 어디로도 전송되지 않습니다.',
  proposalOpens: '제안서를 여는 때:',
  proposalSummary: '제안 요약',
  proposalSummaryHint: '4,000자까지. 문서가 있으면 비워 둘 수 있습니다.',
  proposalDocuments: '제안 문서를 여기에 끌어다 놓거나 선택하십시오.',
  proposalDocumentsHint: '문서 40개까지, 파일마다 4 GB까지, 이름은 200자까지입니다. 이름, 크기, 지문이 봉인됩니다.',
  proposalSize: '봉인할 제안서의 크기',
  proposalTooLong: '제안서가 너무 깁니다. 요약을 줄이거나 문서를 줄이십시오.',
  proposalEmpty: '요약을 적거나 문서를 추가하십시오.',
  summaryTooLong: '요약은 4,000자까지입니다.',
  documentName: '문서',
  documentSize: '크기',
  documentDigest: '지문(SHA-256)',
  documentRemove: '빼기',
  documentReading: '지문을 계산하는 중:',
  documentsNotRead: '문서의 지문을 계산하고 있습니다. 끝난 뒤에 다시 누르십시오.',
  documentTooLarge: '4 GB를 넘는 파일입니다. 더 큰 문서는 명령줄에서 넣을 수 있습니다.',
  documentTooMany: '문서는 40개까지입니다.',
  documentNameBad: '파일 이름이 비어 있거나 200자를 넘습니다.',
  documentNameTwice: '같은 이름의 다른 문서가 이미 있습니다. 이름을 바꾸거나 앞의 문서를 빼십시오.',
  documentUnreadable: '파일을 읽을 수 없습니다.',
  proposalSealed: '기술봉투에 봉인되는 제안서',
  proposalNoSummary: '요약 없음',
  proposalHandOver: '제안 문서는 전송되지 않았습니다. 봉인할 때와 똑같은 파일을 공고가 정한 방법으로 수요기관에 따로 제출하십시오. 한 글자라도 다르면 지문이 맞지 않습니다.'
} as const

export type BiddingTexts = Readonly<Record<keyof typeof biddingKo, string>>
