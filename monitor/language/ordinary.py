"""Whether a word is an ordinary one of some language: what a name or term must not be mistaken for.

Russian words are looked up in the dictionary of pymorphy3; of the other languages the frequent words are listed, those
that short names and endings run into most.
"""

from __future__ import annotations

from functools import cache, lru_cache

from monitor.language.common_ru import is_common_word
from monitor.language.fold import fold_form

_LISTED = {
    "en": """
the be and of a in to have it for i that you he on with do at by not this but from they his she or which as we an
say will would can if their go what there all get her make who out up see know time take them some could so him year
into its then think my come than more about now last your me no other give just should these people also well any
only new very when may way look like use such how because good find man our want day between even many those one two
three four five six seven eight nine ten after back still too here own most why work life long part house world
school state family student group country problem hand place case week company system program question government
number night point home water room mother area money story fact month lot right study book eye job word business
issue side kind head far black little small large great old high young early late big bad best free hot cold war
army gun shot shell drone tank plane ship boat car bus road bridge river sea lake hill field farm wood tree fire
smoke gas oil power light heat sun moon rain snow wind storm ice air land soil sand stone gold iron steel glass
paper door wall floor roof yard gate street town city north south east west left top end start stop run walk sit
stand lie fall rise turn move push pull hold keep let put set cut hit win lose pay buy sell send bring call ask tell
talk speak read write draw play sing eat drink sleep wake wash cook burn break build dig grow kill die live love
hate help save care fear hope wish need mean gift mark art bill frank rob pat drew grant chase dean rose grace faith
dawn ray rich will jack max don van mars man gas kit cat dog pig cow hen fox wolf bear lion bird fish fly ant bee
snake horse sheep goat duck goose swan owl hawk eagle captain major general private corporal marine guard police
judge law court prison jail cell crime thief drug gang
""",
    "nl": """
de het een van en in is dat op te niet zijn hij met voor die er aan ook als bij maar dan nog naar om uit door over
ze zo of wat was heeft hem haar zich mijn ik je u we wij jij jullie ons onze hun deze dit daar hier wel geen meer al
toen nu zou kan kon moet mag wil wilde gaat ging komt kwam ziet zag zegt zei doet deed maakt maakte geeft gaf neemt
nam staat stond ligt lag zit zat loopt liep houdt hield laat liet vindt vond denkt dacht weet wist werk huis man
vrouw kind jaar dag week maand uur tijd land stad dorp straat weg plein brug water zee meer bos veld berg zon maan
regen sneeuw wind storm ijs vuur rook licht warm koud groot klein goed slecht nieuw oud jong hoog laag lang kort dik
dun vol leeg open dicht rood wit zwart groen blauw geel hond kat paard koe varken vogel vis boom blad bloem gras
brood melk kaas vlees ei zout suiker koffie thee bier wijn boer bakker dokter leraar koning politie leger oorlog
vrede wapen schot bom tank vliegtuig schip boot auto bus trein fiets deur raam muur dak vloer tafel stoel bed kast
boek krant brief hand voet hoofd oog oor neus mond tand haar hart bloed been arm rug buik lijf ziek dood leven geld
prijs winkel markt school kerk spel bal bord glas mes vork lepel pan pot kop doos tas zak jas broek hemd schoen hoed
ring rok das pet huur hur schaar zeven acht negen tien elf een twee drie vier vijf zes half veel weinig alle elk
ieder iets niets iemand niemand altijd nooit vaak soms straks later vroeger gisteren vandaag morgen boven onder voor
achter naast tussen tegen zonder tot sinds gevangen poeten kussen rozen maken laten wagen drone raket grens ruil
buit ramp brand vlucht tocht slag strijd
""",
    "de": """
der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass
sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch
man sein wurde sei hier ihr wenn wir ich du uns euch mich dich ihm ihn ihre sein seine kein keine was wer wo wann
warum da dann schon sehr viel alle alles ganz gut groß klein neu alt jung lang kurz hoch tief weit nah warm kalt
heiß rot weiß grün blau gelb schwarz mann frau kind haus jahr tag woche monat stunde zeit land stadt dorf straße weg
platz brücke wasser meer see wald feld berg sonne mond regen schnee wind sturm eis feuer rauch licht luft erde stein
holz gold eisen stahl glas papier tür fenster wand dach boden tisch stuhl bett buch brief hand fuß kopf auge ohr
nase mund zahn haar herz blut bein arm rücken krank tod leben geld preis laden markt schule kirche spiel ball brot
milch käse fleisch ei salz zucker kaffee tee bier wein bauer bäcker arzt lehrer könig polizei heer krieg frieden
waffe schuss bombe panzer flugzeug schiff boot auto bus zug rad hund katze pferd kuh schwein vogel fisch baum blatt
blume gras gehen kommen sehen sagen machen geben nehmen stehen liegen sitzen laufen halten lassen finden denken
wissen können müssen sollen wollen dürfen mögen heute morgen gestern jetzt immer nie oft bald oben unten vorn hinten
zwischen gegen ohne seit eins zwei drei vier fünf sechs sieben acht neun zehn elf wagen gefangen grenze tausch beute
brand flucht schlag kampf gift kot rat rot tat not art bad bald band bank bau bild bund fall fest film form frei
gang gast geist glück grund
""",
    "fr": """
le de un être et à il avoir ne je son que se qui ce dans en du elle au pour pas cela sur faire plus dire me on mon
lui nous comme mais pouvoir avec tout y aller voir bien où sans tu ou leur homme si deux mari moi vouloir te femme
venir quand grand celui notre devoir là jour prendre même votre rien petit encore aussi quelque dont donner an
enfant sous très part peu vie autre mère chose fois père monde temps heure mois semaine année nuit matin soir eau
mer lac bois champ mont soleil lune pluie neige vent glace feu fumée air terre pierre or fer verre porte mur toit
sol table lit livre lettre main pied tête oeil oreille nez bouche dent coeur sang bras jambe dos corps mort argent
prix école église jeu pain lait viande oeuf sel sucre café thé bière vin roi police armée guerre paix arme coup
bombe char avion bateau auto bus train vélo chien chat cheval vache porc oiseau poisson arbre fleur herbe rue ville
village pont route place chemin maison pays état gouvernement ministre président loi cour prison crime un trois
quatre cinq six sept huit neuf dix onze bon mauvais nouveau vieux jeune haut bas long court chaud froid rouge blanc
noir vert bleu jaune gros mince plein vide ouvert fermé droit gauche nord sud est ouest hier demain toujours jamais
souvent ici ailleurs avant après entre contre depuis pendant vers chez par sans poutine pouce sept champ capture
capturé civil feu tir fin gens garde
""",
    "pl": """
i w nie na się z do to że jest co jak po ale o tak za od jego już tylko czy przez dla jej ich był była było być są
mnie mi ty on ona ono my wy oni je go ją im nas was nam wam nich nim ten ta te tego tej tym tych który która które
gdy gdzie kiedy bo więc albo lub oraz ani aby żeby przy pod nad przed między bez u ku sobie siebie swój mój twój
nasz wasz jeden dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć rok lat dzień dni noc tydzień miesiąc
godzina czas dom miasto wieś ulica droga most woda morze las pole góra słońce deszcz śnieg wiatr lód ogień dym
światło ziemia kamień złoto drzwi okno dach stół łóżko książka list ręka noga głowa oko ucho nos usta ząb serce krew
życie śmierć pieniądz cena sklep szkoła kościół gra chleb mleko ser mięso sól cukier kawa piwo wino król policja
wojsko wojna pokój broń strzał bomba czołg samolot statek auto pociąg pies kot koń krowa świnia ptak ryba drzewo
kwiat trawa dobry zły nowy stary młody wysoki niski długi krótki ciepły zimny czerwony biały czarny zielony mówić
robić iść widzieć dać wziąć stać siedzieć leżeć brać znać wiedzieć chcieć móc musieć dziś jutro wczoraj zawsze nigdy
często tu tam rada raz sam sama tor kara bar para rana rana mina kasa masa rasa lipa mapa lampa pan pani ludzie
człowiek kobieta dziecko brat siostra
""",
    "uk": """
і й та в у на не що з до як за це від про але по він вона воно вони ми ви ти я його її їх нас вас мене тебе бути є
був була було були чи або бо коли де хто так ні вже ще тут там свій мій твій наш ваш один два три чотири рік день
ніч тиждень місяць година час дім місто село вулиця дорога міст вода море ліс поле гора сонце дощ сніг вітер лід
вогонь дим світло земля камінь золото двері вікно дах стіл книга лист рука нога голова око вухо ніс рот зуб серце
кров життя смерть гроші ціна школа церква гра хліб молоко сир сіль цукор кава пиво вино поліція військо війна мир
зброя постріл бомба танк літак човен авто потяг пес кіт кінь корова свиня птах риба дерево квітка трава добрий новий
старий молодий високий довгий теплий червоний білий чорний зелений говорити робити йти бачити дати взяти стати
сидіти лежати брати знати хотіти могти сьогодні завтра вчора завжди ніколи часто люди людина жінка дитина брат
сестра мати батько полон обмін кордон бій атака удар вибух ранок вечір мала мало була гола голка рада раз сам тому
також після перед під над між без через проти кожен
""",
    "be": """
і ў у на не што з да як за гэта ад пра але па ён яна яно яны мы вы ты я яго яе іх быць быў была было былі ці або
калі дзе хто так не ужо яшчэ тут там свой мой твой наш ваш адзін два тры чатыры год дзень ноч тыдзень месяц гадзіна
час дом горад вёска вуліца дарога мост вада мора лес поле гара сонца дождж снег вецер лёд агонь дым святло зямля
камень дзверы акно дах стол кніга ліст рука нага галава вока вуха нос рот зуб сэрца кроў жыццё смерць грошы цана
школа царква хлеб малако соль вайна мір зброя стрэл бомба танк самалёт аўто цягнік сабака кот конь карова птушка
рыба дрэва кветка трава людзі чалавек
""",
}


@cache
def _listed() -> dict[str, frozenset[str]]:
    """Lead each listed word, folded, to its languages."""
    found: dict[str, set[str]] = {}
    for language, text in _LISTED.items():
        for word in fold_form(" ".join(text.split())).split():
            found.setdefault(word, set()).add(language)
    return {word: frozenset(languages) for word, languages in found.items()}


@lru_cache(maxsize=50_000)
def ordinary_in(word: str) -> frozenset[str]:
    """Return the languages in which a folded word is an ordinary word, in any of its forms."""
    languages = _listed().get(word, frozenset())
    return languages | {"ru"} if "а" <= word[:1] <= "я" and is_common_word(word) else languages
