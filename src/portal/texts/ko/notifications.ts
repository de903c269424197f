/** Words of notifications in Korean; `texts/en/notifications.ts` has the same keys. */
export const notificationsKo = {
  unsubscribe: '알림 전자우편 수신 거부',
  unsubscribeText: '다음 주소로 알림을 더 보내지 않습니다.',
  unsubscribeButton: '수신 거부',
  unsubscribed: '수신을 거부하셨습니다. 이 주소로는 더 보내지 않습니다.',
  unsubscribedAgain: '로그인하여 전자우편을 다시 등록하시면 알림을 받을 수 있습니다.'
} as const
