"""Domains at which anybody gets an address, so that none of them says who somebody works for."""

_LISTED = """
126.com 163.com aim.com alice.it aliyun.com aol.com arcor.de att.net bellsouth.net bigpond.com
bluewin.ch bol.com.br btinternet.com charter.net comcast.net cox.net daum.net disroot.org
duck.com earthlink.net email.com email.cz fastmail.com fastmail.fm foxmail.com free.fr
freenet.de gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.fr gmx.net googlemail.com
guerrillamail.com hanmail.net hey.com home.nl hotmail.be hotmail.ca hotmail.co.uk hotmail.com
hotmail.com.br hotmail.de hotmail.es hotmail.fr hotmail.it hotmail.nl hushmail.com icloud.com
inbox.com inbox.lv inbox.ru interia.pl juno.com kakao.com laposte.net libero.it list.ru live.be
live.ca live.cn live.co.uk live.com live.de live.fr live.it live.nl lycos.com mac.com mail.com
mail.de mail.ee mail.ru mailbox.org mailfence.com mailinator.com me.com msn.com mweb.co.za
naver.com netscape.net ntlworld.com o2.pl onet.pl online.de optonline.net orange.fr outlook.at
outlook.be outlook.co.uk outlook.com outlook.com.br outlook.de outlook.dk outlook.es outlook.fr
outlook.ie outlook.in outlook.it outlook.jp outlook.kr outlook.pt passport.com planet.nl pm.me
poczta.onet.pl posteo.de posteo.net proton.me protonmail.ch protonmail.com qq.com rediffmail.com
riseup.net rocketmail.com rogers.com sapo.pt sbcglobal.net seznam.cz sfr.fr shaw.ca sina.com
sky.com sohu.com startmail.com t-online.de talktalk.net telenet.be telus.net tempmail.com
terra.com.br tiscali.it tuta.com tuta.io tutanota.com tutanota.de ukr.net uol.com.br verizon.net
virgilio.it virginmedia.com wanadoo.fr web.de windowslive.com wp.pl xs4all.nl yahoo.ca yahoo.cn
yahoo.co.id yahoo.co.in yahoo.co.jp yahoo.co.uk yahoo.com yahoo.com.ar yahoo.com.au yahoo.com.br
yahoo.com.mx yahoo.com.sg yahoo.de yahoo.es yahoo.fr yahoo.in yahoo.it yandex.com yandex.ru
yeah.net ymail.com yopmail.com zoho.com zoho.eu zohomail.com
"""
PUBLIC_DOMAINS = frozenset(_LISTED.split())
