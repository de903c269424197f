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
  linesTruncated: '원 미만은 합계에서 한 번 버립니다.'
} as const

export type BiddingTexts = Readonly<Record<keyof typeof biddingKo, string>>
