// @ts-check
/** Arabic. What is missing here is said in English. @type {Partial<Record<keyof typeof import("./en.js").en, any>>} */
export const words = Object.freeze({
  "live.title": "لوحة حيّة",
  "live.toChat": "بارلي، إلى المحادثة",
  "live.connected": "مباشر",
  "live.connecting": "جارٍ الاتصال…",
  "live.disconnected": "غير متّصل",
  "live.ended": "انتهى الاتصال.",
  "live.noGuests": "لا يقبل هذا الخادم الضيوف. سجّل الدخول إلى المحادثة أوّلًا ثم عُد إلى هنا.",
  "live.received": {
    zero: "لم يصل أيّ رقم",
    one: "وصل رقم واحد",
    two: "وصل رقمان",
    few: "وصلت {count} أرقام",
    many: "وصل {count} رقمًا",
    other: "وصل {count} رقم",
  },
  "live.empty": "لم يُرسل شيء بعد",
  "live.emptyHint": "أرسل رقمًا من أيّ خادم فيظهر هنا في الحال. من سطر الأوامر، بمفتاح وضع التطوير:",
  "live.copy": "نسخ",
  "live.copied": "نُسخ",
});
