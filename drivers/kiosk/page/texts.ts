import type { Lights } from '#ports/customer-display.ts';

/** The few words that the page says by itself, when the terminal can't. One row a language. */
interface OwnTexts {
  readonly away: { readonly headline: string; readonly detail: string };
  readonly starting: { readonly headline: string; readonly detail: string };
  /** What the four lights say, for who can't see them. */
  readonly lights: Readonly<Record<Lights, string>>;
  /** Beside a code, and before what is left of its time. */
  readonly code: {
    readonly name: string;
    readonly typeInstead: string;
    readonly timeLeft: string;
  };
}

const row = (
  away: readonly [headline: string, detail: string],
  starting: readonly [headline: string, detail: string],
  lights: Readonly<Record<Lights, string>>,
  code: readonly [name: string, typeInstead: string, timeLeft: string],
): OwnTexts => ({
  away: { headline: away[0], detail: away[1] },
  starting: { headline: starting[0], detail: starting[1] },
  lights,
  code: { name: code[0], typeInstead: code[1], timeLeft: code[2] },
});

const ENGLISH = row(
  ['Terminal not connected', 'Please ask a member of staff.'],
  ['Starting', 'One moment, please.'],
  {
    off: 'Contactless lights: off',
    idle: 'Contactless lights: switched on',
    ready: 'Contactless lights: ready for your card',
    processing: 'Contactless lights: reading',
    success: 'Contactless lights: card read',
    error: 'Contactless lights: not read',
  },
  ['QR code', 'Or type this number', 'Time left'],
);

const TEXTS: Readonly<Record<string, OwnTexts>> = {
  en: ENGLISH,
  es: row(
    ['Terminal sin conexión', 'Pregunte al personal, por favor.'],
    ['Iniciando', 'Un momento, por favor.'],
    {
      off: 'Luces sin contacto: apagadas',
      idle: 'Luces sin contacto: en servicio',
      ready: 'Luces sin contacto: listo para su tarjeta',
      processing: 'Luces sin contacto: leyendo',
      success: 'Luces sin contacto: tarjeta leída',
      error: 'Luces sin contacto: no leída',
    },
    ['Código QR', 'O escriba este número', 'Tiempo restante'],
  ),
  fr: row(
    ['Terminal non connecté', 'Veuillez vous adresser au personnel.'],
    ['Démarrage', 'Un instant, s’il vous plaît.'],
    {
      off: 'Voyants sans contact : éteints',
      idle: 'Voyants sans contact : en service',
      ready: 'Voyants sans contact : prêt pour votre carte',
      processing: 'Voyants sans contact : lecture en cours',
      success: 'Voyants sans contact : carte lue',
      error: 'Voyants sans contact : carte non lue',
    },
    ['QR code', 'Ou saisissez ce numéro', 'Temps restant'],
  ),
  de: row(
    ['Terminal nicht verbunden', 'Bitte an das Personal wenden.'],
    ['Startet', 'Einen Moment, bitte.'],
    {
      off: 'Kontaktlos-Leuchten: aus',
      idle: 'Kontaktlos-Leuchten: in Betrieb',
      ready: 'Kontaktlos-Leuchten: bereit für Ihre Karte',
      processing: 'Kontaktlos-Leuchten: wird gelesen',
      success: 'Kontaktlos-Leuchten: Karte gelesen',
      error: 'Kontaktlos-Leuchten: nicht gelesen',
    },
    ['QR-Code', 'Oder diese Nummer eingeben', 'Noch'],
  ),
  it: row(
    ['Terminale non connesso', 'Rivolgersi al personale.'],
    ['Avvio in corso', 'Un momento, prego.'],
    {
      off: 'Luci contactless: spente',
      idle: 'Luci contactless: in servizio',
      ready: 'Luci contactless: pronto per la carta',
      processing: 'Luci contactless: lettura in corso',
      success: 'Luci contactless: carta letta',
      error: 'Luci contactless: carta non letta',
    },
    ['Codice QR', 'Oppure digitare questo numero', 'Tempo rimasto'],
  ),
  pt: row(
    ['Terminal sem conexão', 'Fale com um funcionário, por favor.'],
    ['Iniciando', 'Um momento, por favor.'],
    {
      off: 'Luzes de aproximação: apagadas',
      idle: 'Luzes de aproximação: em serviço',
      ready: 'Luzes de aproximação: pronto para o cartão',
      processing: 'Luzes de aproximação: lendo',
      success: 'Luzes de aproximação: cartão lido',
      error: 'Luzes de aproximação: cartão não lido',
    },
    ['QR Code', 'Ou digite este número', 'Tempo restante'],
  ),
  zh: row(
    ['终端未连接', '请咨询店员。'],
    ['正在启动', '请稍候。'],
    {
      off: '感应指示灯：熄灭',
      idle: '感应指示灯：待机',
      ready: '感应指示灯：请贴近卡片',
      processing: '感应指示灯：正在读取',
      success: '感应指示灯：读取完成',
      error: '感应指示灯：读取失败',
    },
    ['二维码', '或输入此号码', '剩余时间'],
  ),
  ja: row(
    ['端末に接続できません', '係員にお声がけください。'],
    ['起動中', '少々お待ちください。'],
    {
      off: 'タッチ決済ランプ：消灯',
      idle: 'タッチ決済ランプ：待機中',
      ready: 'タッチ決済ランプ：タッチできます',
      processing: 'タッチ決済ランプ：読み取り中',
      success: 'タッチ決済ランプ：読み取り完了',
      error: 'タッチ決済ランプ：読み取り失敗',
    },
    ['QRコード', 'または番号を入力', '残り時間'],
  ),
  ar: row(
    ['الجهاز غير متصل', 'يُرجى سؤال أحد الموظفين.'],
    ['جارٍ التشغيل', 'لحظة من فضلك.'],
    {
      off: 'أضواء الدفع بلا تلامس: مطفأة',
      idle: 'أضواء الدفع بلا تلامس: قيد الخدمة',
      ready: 'أضواء الدفع بلا تلامس: جاهز لبطاقتك',
      processing: 'أضواء الدفع بلا تلامس: جارٍ القراءة',
      success: 'أضواء الدفع بلا تلامس: تمت القراءة',
      error: 'أضواء الدفع بلا تلامس: لم تُقرأ',
    },
    ['رمز QR', 'أو اكتب هذا الرقم', 'الوقت المتبقي'],
  ),
};

const RIGHT_TO_LEFT: ReadonlySet<string> = new Set(['ar', 'fa', 'he', 'ur']);

const primaryOf = (language: string): string => language.toLowerCase().split('-', 1)[0] ?? '';

/** Texts for a BCP 47 language such as "de" or "pt-BR"; English when there are none. */
export const ownTexts = (language: string): OwnTexts => TEXTS[primaryOf(language)] ?? ENGLISH;

export const directionOf = (language: string): 'ltr' | 'rtl' =>
  RIGHT_TO_LEFT.has(primaryOf(language)) ? 'rtl' : 'ltr';
