/** Mail providers whose addresses say nothing about an employer. */
export const PERSONAL_EMAIL_DOMAINS: ReadonlySet<string> = new Set(
  `gmail.com googlemail.com yahoo.com yahoo.co.uk yahoo.fr yahoo.de yahoo.co.in yahoo.com.br ymail.com rocketmail.com
  hotmail.com hotmail.co.uk hotmail.fr hotmail.de outlook.com outlook.de live.com live.co.uk msn.com icloud.com me.com
  mac.com aol.com aim.com proton.me protonmail.com pm.me gmx.com gmx.de gmx.net web.de t-online.de freenet.de mail.com
  mail.ru yandex.ru yandex.com bk.ru list.ru inbox.ru rambler.ru qq.com 163.com 126.com sina.com sohu.com foxmail.com
  naver.com daum.net hanmail.net orange.fr wanadoo.fr free.fr laposte.net sfr.fr libero.it virgilio.it tiscali.it
  alice.it uol.com.br bol.com.br terra.com.br rediffmail.com zoho.com fastmail.com hey.com tutanota.com hushmail.com
  comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net earthlink.net btinternet.com
  sky.com virginmedia.com ntlworld.com shaw.ca rogers.com sympatico.ca bigpond.com optusnet.com.au xtra.co.nz
  ziggo.nl kpnmail.nl telenet.be skynet.be bluewin.ch seznam.cz wp.pl o2.pl interia.pl onet.pl mailinator.com
  guerrillamail.com yopmail.com 10minutemail.com tempmail.com`.split(/\s+/),
);

export const isPersonalEmail = (email: string): boolean =>
  PERSONAL_EMAIL_DOMAINS.has(
    email
      .slice(email.lastIndexOf('@') + 1)
      .trim()
      .toLowerCase(),
  );
