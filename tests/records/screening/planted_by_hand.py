"""Texts written by hand in which something is planted, one in each line, by kind and language.

What is planted stands between the signs ⟦ and ⟧. `LATER` was written once the rules stood.
"""

from concerted.records.screening.kinds import Kind

HAND: dict[tuple[Kind, str], str] = {
    ("email", "fr"): """
Écrire à ⟦fanta.kone@exemple.org⟧ avant lundi
courriel : ⟦f.kone [at] exemple.org⟧
⟦fanta.kone (at) exemple (dot) org⟧ pour toute question
contact ⟦fanta-kone(a)exemple.ml⟧
⟦fanta.kone arobase exemple point org⟧
mailto:⟦equipe_sud@exemple.org⟧?subject=suivi""",
    ("email", "en"): """
Ask ⟦o.musa@example.com⟧.
⟦o.musa at example dot com⟧ will answer
reach us on ⟦o.musa{at}example.com⟧
⟦O.MUSA@EXAMPLE.COM⟧
send it to ⟦o.musa @ example.com⟧""",
    ("email", "ar"): """
البريد الإلكتروني: ⟦amina@example.org⟧
راسلونا على ⟦amina＠example.org⟧
للمزيد ⟦amina [at] example.org⟧""",
    ("phone", "fr"): """
Joindre au ⟦+223 66 12 34 56⟧
Tél. : ⟦66 12 34 56⟧
tél ⟦66.12.34.56⟧
WhatsApp ⟦66-12-34-56⟧
appeler le ⟦00223 66123456⟧
numéro : ⟦66 12 34 56⟧
portable: ⟦66123456⟧
Mme la maire, ⟦06 12 34 56 78⟧
Fax ⟦(+223) 20 22 33 44⟧
Tel.(⟦+227) 90 12 34 56⟧""",
    ("phone", "en"): """
call ⟦+234 803 123 4567⟧
Phone: ⟦0803 123 4567⟧
mobile no. ⟦08031234567⟧
on WhatsApp ⟦+2348031234567⟧
office: ⟦(202) 555-0142⟧
cell ⟦202-555-0142⟧
dial ⟦00 234 803 123 4567⟧""",
    ("phone", "ar"): """
هاتف: ⟦٦٦١٢٣٤٥٦⟧
الهاتف ⟦٠٠٢٢٣٦٦١٢٣٤٥٦⟧
واتساب ⟦+٢٢٣٦٦١٢٣٤٥٦⟧
جوال: ⟦66123456⟧
للاتصال ⟦+223 66 12 34 56⟧
رقم الهاتف: ⟦66 12 34 56⟧""",
    ("name", "fr"): """
réunion avec M. ⟦Boubacar Ly⟧ hier
Mme ⟦Kadidia Wangara⟧, présidente
le directeur, ⟦Boubacar Ly⟧
le maire ⟦Boubacar Ly⟧ a signé
Dr ⟦Ly⟧ dirige l'équipe
le colonel ⟦Boubacar Ly⟧
point focal : ⟦Kadidia Wangara⟧
Chargée de projet : ⟦Kadidia Wangara⟧
préparé par : ⟦Kadidia Wangara⟧
le suspect ⟦Boubacar Ly⟧ a été entendu
le nommé ⟦Boubacar Ly⟧
la victime, ⟦Kadidia Wangara⟧, est soignée
le chef de village ⟦Boubacar Ly⟧
l'imam ⟦Boubacar Ly⟧ a pris la parole
épouse de ⟦Boubacar Ly⟧
le préfet ⟦Boubacar Ly⟧
El Hadj ⟦Boubacar Ly⟧
Mlle ⟦Wangara⟧
le Général ⟦Boubacar Ly⟧
Mme ⟦N'Gossi Ag Alhousseini⟧
signé par : Mme ⟦Wangara⟧
la sage-femme ⟦Kadidia Wangara⟧
le témoin ⟦Boubacar Ly⟧
madame ⟦Kadidia Wangara⟧""",
    ("name", "en"): """
Mr. ⟦Yusuf Adamou⟧ said
Minister ⟦Yusuf Adamou⟧ opened it
Contact person: ⟦Yusuf Adamou⟧
the project manager - ⟦Yusuf Adamou⟧
Governor, ⟦Yusuf Adamou⟧
a suspect named ⟦Yusuf Adamou⟧
survivor ⟦Ruth Bello⟧ told us
Mrs ⟦Bello⟧
Prof. ⟦R. Bello⟧
Imam ⟦Yusuf Adamou⟧ agreed
village chief ⟦Yusuf Adamou⟧
trainer: ⟦Ruth Bello⟧
Focal point: ⟦Ruth BELLO⟧
Captain ⟦Adamou⟧ led the patrol
the judge ⟦Ruth Bello⟧
mother of ⟦Ruth Bello⟧
prepared by: ⟦Ruth Bello⟧
Rev. ⟦Yusuf Adamou⟧
Senator ⟦Ruth Bello⟧""",
    ("name", "ar"): """
التقى السيد ⟦سالم بركة⟧ بالفريق
السيدة ⟦مريم سالم⟧ رئيسة الجمعية
الدكتور ⟦سالم بركة⟧
مسؤول الاتصال: ⟦سالم بركة⟧
المدعو ⟦سالم بركة⟧
العقيد ⟦سالم بركة⟧
الشيخ ⟦سالم بركة⟧
والأستاذة ⟦مريم سالم⟧
المتهم ⟦سالم بركة⟧
منسق المشروع: ⟦سالم بركة⟧
العمدة ⟦سالم بركة⟧
للسيد ⟦سالم بركة⟧""",
    ("site", "fr"): """
le forage se trouve à ⟦15,78214 ; -3,05518⟧
⟦15°46'55" N 3°03'18" O⟧
⟦15° 46' 55'' Nord / 3° 03' 18'' Ouest⟧
⟦15º46’55”N, 3º03’18”W⟧
coordonnées GPS ⟦15.782 / -3.055⟧
latitude ⟦15,7821⟧, longitude ⟦-3,0552⟧
⟦15 degrés 46 minutes nord et 3 degrés 3 minutes ouest⟧
UTM ⟦30P 387412 1745230⟧
zone UTM 30 : ⟦X = 387412, Y = 1745230⟧
code plus ⟦6FQQQWJV+VX⟧
⟦QWJV+VX⟧ Sévaré
⟦https://www.google.com/maps?q=15.78,-3.05⟧
voir ⟦https://goo.gl/maps/aBcDeFgH⟧
⟦N 15°46.917' W 003°03.300'⟧
geohash : ⟦efd3k7q⟧
⟦30PUC8741245230⟧
point GPS : ⟦N15.78214 W3.05518⟧
long. ⟦-3.05518⟧ lat. ⟦15.78214⟧
⟦15-46-55 N 003-03-18 W⟧""",
    ("site", "en"): """
the well (⟦15.78214, -3.05518⟧)
⟦15.78214N 3.05518W⟧
⟦15.782° N, 3.055° W⟧
⟦15 deg 46 min 55 sec N, 3 deg 3 min 18 sec W⟧
⟦15:46:55N 003:03:18W⟧
⟦154655N 0030318W⟧
MGRS ⟦30P UC 87412 45230⟧
UTM zone 30N, ⟦387412 mE 1745230 mN⟧
⟦https://maps.app.goo.gl/Xy12Zab⟧
⟦https://www.openstreetmap.org/#map=18/15.78214/-3.05518⟧
⟦///lions.table.river⟧
⟦geo:15.78214,-3.05518⟧
⟦6FQQQWJV+VX3⟧
⟦POINT(-3.05518 15.78214)⟧
lat ⟦15.7821⟧ lon ⟦-3.0552⟧
lat: ⟦15.7821⟧
lng=⟦-3.05518⟧
at ⟦15°46′N 3°03′W⟧
⟦15d46m55sN 3d03m18sW⟧
"coordinates":[⟦-3.05518,15.78214⟧]
GPS coordinates are ⟦15.78, -3.06⟧
⟦https://w3w.co/lions.table.river⟧
⟦https://waze.com/ul/hefd3k7qab⟧
the camp at ⟦15.78214 −3.05518⟧""",
    ("site", "ar"): """
الموقع ⟦١٥٫٧٨٢١٤، ٣٫٠٥٥١٨⟧
⟦١٥°٤٦'٥٥" شمالا ٣°٠٣'١٨" غربا⟧
⟦١٥ درجة و٤٦ دقيقة و٥٥ ثانية شمالا⟧
خط العرض ⟦15.78214⟧ وخط الطول ⟦3.05518⟧
الإحداثيات: ⟦15.782, -3.055⟧
إحداثيات البئر ⟦١٥.٧٨٢١٤ ، -٣.٠٥٥١٨⟧
المنطقة ⟦٣٠ ٣٨٧٤١٢ ١٧٤٥٢٣٠⟧
⟦https://maps.google.com/?q=15.78,-3.05⟧
⟦15.78214, -3.05518⟧
⟦۱۵٫۷۸۲۱۴، ۳٫۰۵۵۱۸⟧""",
    ("pcode", "fr"): """
commune ⟦ML070203⟧
cercle de code ⟦ML0702⟧
⟦NER001002⟧ et ⟦NER001002003⟧
⟦BF460103⟧
pcode ⟦MLI001002⟧
le code ⟦ML-0702⟧""",
    ("pcode", "en"): """
ward ⟦NG001002003⟧
LGA ⟦NG001002⟧
⟦SN010203⟧
village ⟦ML07020314⟧
pcode=⟦TD0102⟧""",
    ("pcode", "ar"): """
رمز البلدية ⟦ML070203⟧
الرمز ⟦TD010203⟧""",
    ("place", "fr"): """
travaux dans le village de ⟦Gomozo⟧
les femmes de ⟦Wourobali⟧
formation au ⟦Camp Tintiba⟧
à ⟦N'Gossa⟧, trois groupes
⟦Koro-Kanda⟧ et ses environs""",
    ("place", "en"): """
a well in ⟦Gomozo⟧
the ⟦Puits Assakaret⟧ site
⟦WOUROBALI⟧ market
people of ⟦Koro Kanda⟧""",
    ("place", "ar"): """
في ⟦تنتيبا⟧ ثلاث مجموعات
قرية ⟦تنتيبا⟧
نساء ⟦تنتيبا⟧""",
    ("label", "fr"): """
la menace du ⟦terrorisme islamiste⟧
⟦terroristes musulmans⟧ et leurs soutiens
des ⟦djihadistes peuls⟧
l'⟦extrémisme violent d'inspiration islamique⟧
⟦extrémistes violents de nationalité nigérienne⟧
les ⟦Touaregs sont des terroristes⟧
l'⟦islam radical⟧
la ⟦radicalisation islamiste⟧ des jeunes
⟦terrorisme d'origine arabe⟧
⟦extrémistes arabes et touaregs⟧
⟦islamo-terrorisme⟧
le ⟦terrorisme des Peuls⟧
les ⟦Peuls terroristes⟧
⟦groupes extrémistes chrétiens⟧
⟦terroriste malien⟧ arrêté
⟦terroristes noirs⟧
⟦extrémisme musulman⟧
⟦musulmans radicalisés⟧
les ⟦Dogons extrémistes⟧
prévenir l'⟦extrémisme chez les jeunes musulmans⟧
⟦communautés peules radicalisées⟧
⟦djihadistes de la communauté peule⟧
⟦terrorisme religieux⟧""",
    ("label", "en"): """
⟦Islamic terrorism⟧ in the region
⟦Islamist violent extremists⟧
⟦Muslim terrorists⟧
⟦Fulani terrorists⟧
⟦radical Islamists⟧
⟦extremist Muslims⟧
⟦Islam-inspired extremism⟧
⟦Muslims are terrorists⟧
⟦Tuareg and Arab jihadists⟧
⟦Jewish terrorists⟧
⟦Christian extremism⟧
⟦Malian terrorists⟧ crossed
⟦black extremists⟧
⟦terrorism of the Fulani⟧
⟦radicalised Muslims⟧
⟦radicalization of Muslims⟧
⟦violent extremism in Muslim-majority areas⟧
⟦extremism among Fulani youth⟧
⟦Somali jihadists⟧
⟦Hindu extremists⟧
⟦Sunni extremist groups⟧
⟦Shia terror groups⟧
⟦Islamic radicalisation⟧
⟦Nigerian extremists⟧
⟦terrorists of Arab origin⟧
⟦Islam is a religion of terror⟧
⟦religious extremism⟧""",
    ("label", "ar"): """
مواجهة ⟦الإرهاب الإسلامي⟧
⟦الإرهابيين المسلمين⟧
⟦التطرف الإسلامي⟧
⟦المتطرفون الإسلاميون⟧
⟦إرهاب إسلامي⟧
⟦الجهاديين الفلانيين⟧
⟦التطرف العنيف الإسلامي⟧
⟦الإسلام المتطرف⟧
⟦إرهاب الطوارق⟧
⟦الإرهابيون العرب⟧
⟦المسلمون إرهابيون⟧
⟦للتطرف المسيحي⟧
⟦الجماعات الإسلامية المتطرفة⟧
⟦المتطرفين اليهود⟧
⟦الإرهاب الشيعي⟧
⟦التطرف بين الشباب المسلم⟧
⟦إرهابيين نيجيريين⟧
⟦الإِرهاب الإِسلامي⟧""",
}

#: Written when the rules stood, and measured once before anything was mended: what to expect of texts nobody has seen.
LATER: dict[tuple[Kind, str], str] = {
    ("email", "fr"): """
merci de répondre à ⟦Oumou.S@assoc-femmes.bf⟧, copie au bureau
adresse électronique ⟦oumou.s@assoc-femmes.co.bf⟧
⟦oumou . s @ assoc.bf⟧""",
    ("email", "en"): """
(email: ⟦peter_n+field@mail.example.co.uk⟧)
⟦peter[at]example[dot]co[dot]uk⟧""",
    ("email", "ar"): """
بريد ⟦s_ahmed@example.com⟧، هاتف لاحقا""",
    ("phone", "fr"): """
le numéro vert est le ⟦80 00 11 22⟧
Tel: ⟦+226 70-11-22-33⟧ / 78 44 55 66
joindre Mme Barry (⟦70112233⟧)
téléphone portable n° ⟦70 11 22 33⟧
⟦226 70 11 22 33⟧
Cel. ⟦70 11 22 33⟧""",
    ("phone", "en"): """
hotline ⟦+227 (0) 90 11 22 33⟧
text us: ⟦+22790112233⟧
tel ⟦90112233⟧ or visit
Telephone number ⟦0702 555 0199⟧""",
    ("phone", "ar"): """
اتصل على ⟦٧٠ ١١ ٢٢ ٣٣⟧
الهاتف المحمول: ⟦٠٧٠١١٢٢٣٣⟧
رقم ⟦+٢٢٦ ٧٠ ١١ ٢٢ ٣٣⟧""",
    ("name", "fr"): """
M. ⟦SANOU Lassina⟧, coordonnateur régional
Mme ⟦Salimata BARRY⟧ anime l'atelier
MME ⟦BARRY SALIMATA⟧
le commissaire ⟦Lassina Sanou⟧ et son équipe
entretien avec le député ⟦Lassina Sanou⟧
Mmes ⟦Barry⟧ et Sanou
la présidente de l'association, Mme ⟦Barry⟧
le pasteur ⟦Lassina Sanou⟧
Responsable : ⟦Lassina Sanou⟧
Coordinatrice: ⟦Salimata Barry⟧
le lieutenant-colonel ⟦Lassina Sanou⟧
le sieur ⟦Lassina Sanou⟧
secrétaire général : ⟦Lassina Sanou⟧
le détenu ⟦Lassina Sanou⟧
la nommée ⟦Salimata Barry⟧
feu ⟦Lassina Sanou⟧
Pr ⟦Salimata Barry⟧
le maire de la commune, ⟦Lassina Sanou⟧""",
    ("name", "en"): """
Mr ⟦SANOU Lassina⟧ chaired
Ms. ⟦Salma Idris⟧ and her team
Team leader: ⟦Salma Idris⟧
detainee ⟦Musa Idris⟧
the late Sheikh ⟦Musa Idris⟧
Hon. ⟦Salma Idris⟧ MP
Commissioner ⟦Musa Idris⟧
Lt. ⟦Musa Idris⟧
spokesperson ⟦Salma Idris⟧
witness ⟦Salma Idris⟧ testified
Brigadier General ⟦Musa Idris⟧
coordinator, ⟦Salma Idris⟧
Mr. and Mrs. ⟦Idris⟧
signed by ⟦Musa Idris⟧""",
    ("name", "ar"): """
السيدان ⟦سالم عمر⟧ وآخر
الأستاذ ⟦عمر سالم⟧ مدير المدرسة
جهة الاتصال: ⟦ليلى عمر⟧
الإمام ⟦عمر سالم⟧
الدكتور/ ⟦عمر سالم⟧
المحامية ⟦ليلى عمر⟧
الشهيد ⟦عمر سالم⟧
السجين ⟦عمر سالم⟧""",
    ("site", "fr"): """
au point ⟦(14.02311; -0.84412)⟧
forage F3 ⟦N14°01.387 W000°50.647⟧
⟦14°01'23.2"N 0°50'38.8"W⟧
⟦14,02311N - 0,84412O⟧
position : ⟦14° 01' Nord, 0° 50' Ouest⟧
X : ⟦733120 / Y : 1551240⟧
⟦30PYA3312051240⟧
latitude nord ⟦14,0231⟧
⟦https://www.google.fr/maps/place/14.02,-0.84⟧
Plus Code : ⟦6CRX25F4+6J⟧
Lat/Long : ⟦14.02 / -0.84⟧
coord. UTM ⟦30P 733 120 1 551 240⟧
⟦+14.02311 -000.84412⟧""",
    ("site", "en"): """
borehole at ⟦14.02311°, -0.84412°⟧
⟦14° 1' 23.2" N, 0° 50' 38.8" W⟧
Lat ⟦14.02311⟧, Lon -0.84412
GPS ⟦14.02311/-0.84412⟧
⟦N14.02311, W000.84412⟧
location pin: ⟦https://maps.google.com/maps?q=loc:14.02,-0.84⟧
⟦https://maps.apple.com/?ll=14.02,-0.84⟧
what3words: ⟦///river.stone.apple⟧
easting ⟦733120, northing 1551240⟧
⟦30P YA 33120 51240⟧
⟦14.02311;-0.84412⟧
geohash=⟦e9u2k7⟧
⟦14º 01' 23" N⟧ only
decimal degrees ⟦14.023, -0.844⟧""",
    ("site", "ar"): """
⟦١٤.٠٢٣١١ شمالا، ٠.٨٤٤١٢ غربا⟧
إحداثيات: ⟦14.02 شمال 0.84 غرب⟧
⟦14°01'23"N⟧ قرب البئر
خط عرض ⟦١٤٫٠٢٣١⟧
على خريطة ⟦https://goo.gl/maps/Zz9⟧""",
    ("pcode", "fr"): """
(⟦BF5204⟧)
codes ⟦ML020305⟧/ML020306""",
    ("pcode", "en"): """
adm2: ⟦NE001002⟧
⟦CM003002⟧, school""",
    ("label", "fr"): """
le ⟦terrorisme dit islamique⟧ recule
⟦groupes armés terroristes musulmans⟧
⟦extrémisme d'obédience salafiste⟧
la ⟦mouvance djihadiste touarègue⟧
des ⟦terroristes, des Peuls pour la plupart⟧,
⟦fanatiques musulmans⟧
⟦terroristes étrangers, surtout des Nigériens⟧
⟦jihad islamiste⟧
⟦les Arabes, ces terroristes⟧
l'⟦idéologie extrémiste de l'islam⟧
⟦ethnies terroristes⟧
les ⟦Haoussas radicalisés⟧
⟦terrorisme juif⟧
⟦terroristes d'ethnie dogon⟧""",
    ("label", "en"): """
⟦Muslim fanatics⟧
⟦Islamic and Christian extremists⟧
⟦Hausa-Fulani terrorists⟧
⟦terrorist Muslim groups⟧
the ⟦Kanuri terrorist⟧ network
⟦extremist interpretation of Islam⟧
⟦terrorism is rooted in Islam⟧
⟦Muslim community is radicalised⟧
⟦radical Muslim clerics⟧
⟦jihadi Fulani herders⟧
⟦Libyan terrorists⟧
⟦violent extremist Muslims⟧
⟦white terrorists⟧
⟦Islamofascist⟧ groups""",
    ("label", "ar"): """
⟦التنظيمات الإرهابية الإسلامية⟧
⟦الإرهابيون من الطوارق⟧
⟦التطرف الديني الإسلامي⟧
⟦متطرفون مسيحيون⟧
⟦الإسلاميين المتشددين⟧
⟦إرهابي عربي⟧
⟦بالإرهاب الإسلامي⟧
⟦الفكر الإسلامي المتطرف⟧
⟦الجهاديون العرب⟧""",
}
