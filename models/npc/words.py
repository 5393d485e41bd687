"""Words that the generator builds worlds from. Lists only."""


def w(text):
    return text.split()


def lines(text):
    return [line.strip() for line in text.strip().splitlines()]


NAME_STARTS = w("Al An Ar As Ba Be Bel Ber Bo Bra Bri Ca Cal Ce Cor Cy Da De Del Di Do Dra Dun E Ed El Em Er Es Fa Fe Fen Fi Flo Fre Ga Gar Ge Gi Gle Go Gri Gun Ha Hal Har He Hel Hi Ho Hu I Il In Is Iv Ja Je Jo Ju Ka Kel Ki Ko Kra La Le Li Lo Lu Ma Mar Me Mi Mo Mor My Na Ne Ni No Nor O Ol Or Os Pa Pe Per Phi Pi Po Qui Ra Re Ri Ro Ru Sa Sel Se Sha Si So Sta Ste Sy Ta Tam Te The Ti To Tri Tu U Ul Ur Va Ve Vi Vo Wa We Wi Wil Wy Ya Ye Yo Za Ze Zo")
NAME_MIDDLES = w("la ri na do mi ve ra li so ne ga bi lo va de me ru si ta no ka ly ro sa te da ni ma re vi")
NAME_ENDS = w("bert bald beth bin bor ca can car da dan del den der dis don dor dra dred dric drin fin fred gar gard ger gil grim gund hild hart ian iel in is ka ken la lan las len li lin lis lo lyn mar mer mir mon mund na nan nel nen ner nes nia nis nor ra ran rek ren ric rik rin ris rod ron rus ry sa sen sha sil sin son sta stan tan ten ter tha thas the tin tis ton tor va van ven ver vin wald wen win wyn ya yn za zan")
FIRST_NAMES = w("Agnes Alard Alice Anna Arthur Barnaby Beatrice Bertram Cecily Clement Conrad Cuthbert Dorothy Edith Edmund Edwin Eleanor Elias Emma Ernest Felix Flora Frances Frida Gerda Gilbert Giles Godfrey Greta Gregor Hannah Harold Helena Henry Hilda Hugh Ida Ingrid Isabel Ivo Jasper Joan John Judith Karl Lambert Laura Leo Lucy Magda Martha Martin Matilda Miles Nell Nicholas Nora Olaf Oliver Oscar Oswald Otto Paul Peter Philippa Piers Quentin Ralph Rosa Rosalind Rowan Rupert Ruth Sibyl Simon Sofia Stephen Sven Thea Theodore Thomas Tilda Ulric Ursula Valentin Viola Walter Wanda William Winifred Xenia Yvonne Zara")
NICKNAMES = w("Pip Nob Scratch Mouse Badger Cricket Bramble Ember Flint Hob Magpie Moss Nettle Rook Rusty Sparrow Splinter Stub Thistle Tinker Twig Wart Weasel Whisper Button Copper Crumb Dusk Fern Gob Grub Hazel Jinx Knot Lark Mudge Otter Patch Pebble Quill Rattle Sedge Soot Tansy Toad Velvet Wick Snag Grizzle Bolt Cog Gizmo Mump Zub Krag Grok Ugra Snot Brok")
TITLES = w("Captain Father Mother Sister Master Mistress Lord Lady Sir Dame Doctor Sergeant Baron Count Duke Duchess Old Young Uncle Aunt Widow Goodman Bishop Judge Professor Prior Squire Big Little Madam Elder General")
SURNAMES_A = w("Ash Black Brook Cart Cold Crow Dark Day Elder Fair Far Fen Fox Frost Gold Good Gray Green Hawk Hay Hill Holl Hurst Iron Lamb Lang Light Long Mill Moor Night North Oak Penny Pike Red Rook Rose Salt Sand Sharp Silver Snow Stone Strong Summer Sweet Swift Tall Thorn Under Wain Ward Water Wether White Wild Winter Wolf Wood")
SURNAMES_B = w("acre bank bottom bourne bridge brook burn bury by castle combe croft dale den field finch foot ford gate good grave grove ham hand hart heart hill holme house hurst land ley lock man mere more pool ridge rick shaw shield smith son stead stock stone thorpe ton tree wall water way well wick win wood worth wright")
TOWN_A = w("Salt Harrow Stone Thorn Brass Dun Grey Raven Wolf Ash Birch Black Bright Broad Cold Crow Deep Eagle Elm Ember Ever Fal Fern Frost Glen Gold Green Hag Hawk Heather High Hollow Honey Iron Ivy Kings Lang Lark Lime Low Mar Mead Mill Mist Moon Moss North Oak Old Otter Owl Pine Queens Red Reed River Rose Rush Sand Sedge Shadow Silver Snow Storm Sun Swan Tall Tam Twin Under Wester Whit Wild Willow Wind Winter Wyrm Yar")
TOWN_B = w("barrow beck borough bourne bridge brook burgh bury by castle chester cliff combe crest cross dale den down edge fall fell field firth ford gard gate glade glen grove hall ham haven heath hill hithe hold hollow holm hurst keep lake land leigh ley march mark marsh mere mill minster moor mouth ness pass point pool port reach rest ridge rock shaw shore side spire stead stoke stow thorpe ton tor tower vale view wall ward water well wick wold wood worth")
PLACE_ADJ = w("Crooked Broken Golden Silver Sleeping Drowned Hollow Black White Red Green Old Laughing Singing Silent Burning Frozen Hidden Lost Lame Merry Weeping Whispering Wandering Rusty Gilded Blind Dancing Drunken Fallen Forgotten Grey Howling Hungry Iron Ivory Last Leaning Little Lonely Long Mossy Narrow Painted Proud Quiet Ragged Roaring Royal Salty Scarlet Seven Shining Sunken Thirsty Twisted Upper Wet Wicked Wild Winding Yellow Amber Bitter Copper Crystal Dusty Eastern Emerald Giant's King's Queen's Widow's Thieves' Northern Southern Western")
PLACE_NOUN = w("Mill Tower Bridge Inn Market Gate Rock Orchard Cellar Temple Chapel Harbour Forge Well Cave Quarry Garden Library Stair Crypt Abbey Arch Arena Bakery Bath Bay Brewery Camp Cliff Court Crossing Den Dock Dungeon Falls Farm Fort Fountain Glade Grove Hall Hill House Hut Island Keep Lake Lighthouse Lodge Marsh Meadow Mine Monastery Moor Oak Palace Pass Path Pond Port Prison Quay Ravine River Road Ruins School Shrine Square Stable Steps Stone Swamp Tavern Theatre Tomb Tunnel Valley Vault Village Wall Warehouse Wharf Windmill Wood Workshop Lantern Goose Stag Anchor Barrel Swan Boar")
ON_NOUNS = set(w("Bridge Rock Quay Hill Island Road Square Wharf Wall Moor Path Cliff Stair Steps"))
IN_NOUNS = set(w("Market Orchard Cellar Cave Quarry Garden Library Crypt Dungeon Valley Village Wood Swamp Marsh Camp Grove Glade Hall Palace Prison Stable Tunnel Vault Keep Mine Ravine Den Ruins Meadow"))

TRADES = lines("""
blacksmith | shoe horses and mend ploughs | horseshoe,iron dagger,axe,kettle,iron nail,ploughshare
baker | bake bread before the sun is up | loaf of bread,honey cake,seed bun,apple pie
innkeeper | pour ale and let rooms | mug of ale,bed for the night,bowl of stew,bottle of wine
fisherman | catch herring with your boat | salted herring,basket of eels,fishing net,smoked trout
herbalist | gather herbs and brew remedies | healing salve,bundle of sage,cough syrup,sleeping draught
tailor | sew coats and breeches | wool coat,silk shirt,pair of gloves,felt hat
carpenter | build chairs and tables | oak chair,wooden chest,ladder,walking stick
mason | cut stone and build walls | millstone,stone bowl,grindstone
farmer | plough the fields and keep pigs | sack of grain,basket of turnips,piglet,round of cheese
shepherd | watch over the sheep | fleece,lamb,sheep's cheese,woollen blanket
hunter | hunt deer and set snares | deerskin,haunch of venison,bow,quiver of arrows
guard | keep watch at the gate |
soldier | march and fight for little pay |
knight | ride out against bandits |
squire | polish armour and carry lances |
ferryman | row travellers across the river | crossing,seat in the boat
sailor | sail the seas on a merchant ship | shark's tooth,coil of rope,sea chart
merchant | buy cheap and sell dear | bolt of silk,bag of pepper,brass lamp,carpet,ivory comb
pedlar | carry your goods from door to door | ribbon,tin whistle,sewing needle,small mirror,wooden spoon
jeweller | cut gems and set rings | silver ring,ruby brooch,string of pearls,gold chain
alchemist | turn lead into things that are not quite gold | love potion,bottle of acid,pinch of stardust,fire flask
wizard | study spells that nobody else can read | spell scroll,wand,crystal ball
witch | brew potions and read the future in bones | charm,toad in a jar,black candle,potion of luck
priest | pray for the souls of the town |
monk | copy books and ring the bells | wax candle,jar of honey,copied psalm
nun | nurse the sick and tend the garden |
bard | sing for your supper | ballad,love song,flute
scribe | write letters for those who can't | letter,quill,bottle of ink,sheet of parchment
librarian | look after old books | 
mapmaker | draw maps of places you have never seen | map of the coast,map of the tunnels,compass
gravedigger | dig graves and keep the lanterns lit |
thief | pick pockets and open locks | stolen purse,lockpick
beggar | sit at the gate and beg |
cook | stir the pots in a hot kitchen | meat pie,bowl of soup,roast chicken
butcher | cut meat and make sausages | string of sausages,ham,side of bacon
brewer | brew beer and taste too much of it | barrel of beer,jug of cider,keg of stout
miller | grind corn into flour | sack of flour,bag of bran
potter | turn pots on the wheel | clay pot,glazed jug,set of bowls
weaver | weave cloth at the loom | roll of linen,tapestry,woollen scarf
tanner | tan hides and smell of it | leather belt,pair of boots,saddle bag
cobbler | mend shoes and boots | pair of boots,pair of slippers,shoe buckle
candlemaker | dip candles all day | wax candle,lantern,tallow candle
beekeeper | keep bees and sell what they make | jar of honey,honeycomb,cake of beeswax
gardener | tend roses and pull weeds | rose bush,basket of pears,packet of seeds
woodcutter | cut wood in the forest | bundle of firewood,oak beam
charcoal burner | burn wood to charcoal | sack of charcoal
miner | dig for ore under the mountain | lump of ore,pickaxe,raw crystal
healer | bind wounds and set bones | bandage,bottle of medicine,healing potion
midwife | bring children into the world |
nurse | sit with the sick at night |
teacher | teach children to read | primer,slate
judge | judge quarrels and thefts |
jailer | keep the keys of the dungeon |
executioner | do the work that nobody else will do |
messenger | carry letters from town to town |
stable hand | feed the horses and clean the stalls | hire of a horse,bag of oats
lighthouse keeper | keep the lamp burning for the ships |
spy | listen at doors and write down what you hear |
fortune teller | tell fortunes from cards | fortune,lucky coin,pack of cards
puppeteer | make puppets dance for children | puppet,toy knight
clockmaker | repair clocks and build strange machines | pocket watch,music box,tin bird
toymaker | carve toys from wood | wooden horse,spinning top,doll
glassblower | blow bottles and beads | glass bottle,glass bead,window pane
armourer | hammer breastplates and helmets | helmet,breastplate,round shield,suit of mail
fletcher | make arrows for the archers | sheaf of arrows,longbow,bowstring
falconer | train hawks for the lord | hawk,leather glove
rat catcher | catch rats for a penny a tail | rat trap,bag of poison
chimney sweep | sweep chimneys and know every roof |
washerwoman | wash other people's linen | bar of soap,clean shirt
net mender | mend nets on the quay | fishing net,ball of twine
sailmaker | stitch sails for the fleet | sail,hammock
shipwright | build boats that don't leak | rowing boat,oar
harbour master | count the ships and take the dues |
pirate | rob ships and bury what you take | bottle of rum,treasure map
smuggler | bring goods ashore at night | keg of brandy,box of tobacco,foreign silk
bandit | rob travellers on the road |
hermit | live alone and talk to birds |
druid | guard the old trees | oak staff,mistletoe
goblin | collect shiny things under the ground | bag of mushrooms,bent spoon
troll | sit under the bridge and ask for toll |
ghost | haunt the stairs and rattle chains |
dragon | sleep upon gold |
dwarf | dig and hammer under the mountain | war hammer,gold nugget
elf | watch over the forest | elven cloak,silver arrow
robot | repair whatever is broken | spare gear,oil can
engineer | keep the steam engines running | copper pipe,pressure gauge,box of bolts
pilot | fly an old airship |
mechanic | fix engines and wheels | spare wheel,can of oil,toolbox
detective | find things that others have lost |
trader | trade furs at the river | beaver fur,fox pelt,wool blanket
banker | lend coin and keep ledgers | loan,strongbox
tax collector | collect the taxes for the king |
steward | run the household of a great lord |
maid | sweep the floors and make the beds |
butler | open the door and pour the wine |
jester | make fun of the king |
musician | play the fiddle at weddings | fiddle string,tune
painter | paint portraits of the rich | portrait,pot of paint,brush
apothecary | mix powders and pills | jar of leeches,headache powder,bottle of tonic
barber | cut hair and pull teeth | haircut,shave,tooth pulling
locksmith | make locks that no one can pick | padlock,key,iron bolt
archer | shoot at targets and sometimes at men |
scout | look for tracks in the hills |
wheelwright | make wheels for carts | cart wheel,wheelbarrow
cooper | make barrels | barrel,bucket,wooden tub
""")

ITEM_ADJ = w("rusty silver golden wooden old blue red black small large carved broken enchanted ancient ivory copper painted woollen glass stone leather velvet jade striped curved cracked embroidered shiny heavy crystal bone tin bronze oak green white folding magic foreign rare dwarven elven")
ITEM_NOUN = w("sword dagger lantern cloak ring bell book map key mirror cup bowl flute drum shield helmet bow axe hammer rope candle chest box bottle potion scroll hat scarf glove boot belt coat knife spoon pot kettle lamp comb brooch necklace amulet crown mask whistle doll clock compass telescope quill harp lute horn basket bag purse saddle bridle staff spear net hook shovel pick broom blanket pillow carpet chair stool table wheel coin statue idol goblet tankard plate fork needle ribbon feather egg seed root mushroom apple pear plum cheese ham loaf pie cake herring")
COINS = [("penny", "pennies"), ("copper", "coppers"), ("silver", "silver"), ("gold", "gold"), ("crown", "crowns"), ("mark", "marks"), ("shilling", "shillings"),
         ("ducat", "ducats"), ("gold coin", "gold coins"), ("silver coin", "silver coins"), ("copper coin", "copper coins"), ("groat", "groats"), ("florin", "florins"),
         ("credit", "credits"), ("silver piece", "silver pieces"), ("gold piece", "gold pieces"), ("tin mark", "tin marks"), ("token", "tokens"), ("pearl", "pearls"), ("thaler", "thalers")]
NUMBERS = w("one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty") + \
    ["twenty-one", "twenty-two", "twenty-four", "twenty-five", "thirty", "thirty-two", "thirty-five", "forty", "forty-five", "fifty", "sixty", "seventy", "eighty", "ninety", "a hundred"]
DIGITS = dict(zip(NUMBERS, [*range(1, 21), 21, 22, 24, 25, 30, 32, 35, 40, 45, 50, 60, 70, 80, 90, 100]))
KIN = {"he": w("brother father son husband uncle grandfather nephew cousin twin-brother stepfather"), "she": w("sister mother daughter wife aunt grandmother niece stepmother")}
KIN_DOES = lines("""
lives in {town}
works {at_place}
went to {town} and has not come back
is {a_job} in {town}
is {a_job}
has been missing for a week
was taken by bandits {at_place}
serves the {role} of {town}
makes the best {food} in the land
has gone to {town} to buy {goods}
died {at_place}
fell ill {when}
sells {goods} in {town}
waits for news {at_place}
ran away with {a_job}
keeps {animals} {at_place}
fights in the war near {town}
does the cooking
looks after the {animals}
sleeps all day
is sick with {illness}
can't walk any more
went out to hunt {when} and has not come home
was killed by {monsters}
owns {place}
""")
ROLES = w("mayor captain abbot baker sheriff steward blacksmith teacher master landlord ferryman healer priest judge butcher miller king queen bailiff clerk cook gatekeeper harbourmaster innkeeper commander chief guildmaster apothecary doctor tailor forester jailer librarian carpenter armourer treasurer bishop champion")
MY_ROLES = ["rival", "best friend", "master", "landlord", "neighbour", "apprentice", "teacher", "partner", "employer", "oldest friend", "worst enemy", "boss", "helper", "customer", "creditor"]
FEARS = lines("""
wolves
spiders
ghosts
thunderstorms
deep water
the dark
snakes
heights
fire
rats
dragons
witches
narrow tunnels
the sea
bears
crowds
drowning
curses
bats
goblins
the hangman
dogs
mirrors
the full moon
being alone
closed doors
bees
the plague
loud noises
the mountain pass in winter
blood
vampires
the silence before a storm
crows
thin ice
hungry trolls
knives
horses
frogs
the tax collectors
the deep forest
empty houses
being forgotten
doctors
cold iron
sea serpents
sandstorms
the king's soldiers
owls
geese
""")
LIKES = lines("""
warm bread
plums
the smell of rain
old songs
playing cards
cheese
riddles
dancing
fishing at dawn
honey cakes
a good fire
red wine
strong ale
cats
stars
fresh snow
polished silver
long walks by the river
books about the sea
roses
chess
roast goose
bright colours
the sound of bells
carving little birds
sleeping late
apples with cinnamon
stories about heroes
pipe smoke
thunder
dice
pickled onions
climbing trees
blackberry jam
a well made knife
quiet evenings
market days
puppet shows
mushroom soup
the first frost
swimming
gossip
beautiful hats
goats
fiddle music
""")
HATES = lines("""
liars
taxes
cold soup
noisy children
soap
cheats
thieves
mud on the floor
early mornings
bad singing
long speeches
cruelty to animals
haggling
cowards
waste
stale bread
being laughed at
the smell of fish
nobles who never pay
gossip
broken promises
rain in the boots
lazy apprentices
card players
drunkards
whistling indoors
flies
boasting
unpaid debts
lukewarm ale
questions about the war
people who slam doors
onions
perfume
poets
""")
RUMOURS = lines("""
{monsters} have come down to {place}
{person} has run away with the {role}'s gold
the {role} of {town} is not who he says he is
there is gold under {place}
a ship without a crew drifts off {town}
{place} is haunted
someone has poisoned the well of {town}
the {role} wants to sell {place}
{person} was seen {at_place} at midnight
a dragon sleeps near {town}
the bridge to {town} has fallen
the {role} is looking for {a_job}
strange lights burn {at_place}
{person} has found {thing}
war is coming to {town}
the {animals} of {town} have stopped eating
{person} and {person2} will marry in spring
{a_job} has vanished {at_place}
the river rises higher every night near {town}
{monsters} steal children from {town}
the {role} pays well for {goods}
someone digs at night {at_place}
{person} owes money to everybody in {town}
the tunnels lead from here to {place}
{thing} was stolen from {place}
""")
EVENTS = lines("""
{place} burned down
{monsters} attacked {town}
someone stole {thing} from {place}
the {role} was found dead {at_place}
{person} disappeared
a ship was wrecked near {town}
the {animals} broke out and ran to {place}
lightning struck {place}
{person} was arrested
the ground shook and {place} fell
a stranger in a green mask asked for {person}
the river flooded {town}
{person} saw a ghost {at_place}
the bell of {place} rang by itself
soldiers came and took {person} away
the roof of {place} fell in
{person} was robbed {at_place}
two men fought over {thing}
""")
WHENS = lines("""
last night
yesterday
three days ago
a week ago
last winter
two nights ago
this morning
last summer
at the last full moon
a month ago
on market day
during the storm
last spring
before dawn
a year ago
five days ago
on midsummer night
at harvest time
""")
WAYS = lines("""
north of {landmark}
south of {landmark}
east of {landmark}
west of {landmark}
behind {landmark}
past {landmark} and then left
past {landmark} and then right
over {landmark} and up the hill
down the road, just before {landmark}
two hours to the north, beyond {landmark}
a day's walk to the east
half a day to the south
across the river from {landmark}
up the stairs and to the left
through {landmark} and down the steps
along the shore to {landmark}
next to {landmark}
under {landmark}
straight on until {landmark}
between {landmark} and {landmark2}
by way of {landmark}
""")
TASKS = lines("""
find {thing}
bring back {thing}
kill the {monster}
look for {person}
collect {goods}
deliver a letter to {person}
fetch {thing}
drive out the {monsters}
steal {thing}
guard {thing}
free {person}
bury {thing}
repair the bell
light the beacon
gather {goods}
find out what happened
""")
REWARDS = lines("""
{price}
{price}
{price}
{price}
{thing}
{thing}
{thing}
a horse
free ale for a year
a warm bed for as long as you like
your best {item_noun}
a song about you
a kiss
half of the treasure
a map of {place}
""")
SECRETS = lines("""
{you} stole {thing} from {place}
{you} are really {a_job} in disguise
{you} know where {thing} is hidden: {at_place}
{you} let {person} escape
{you} are in love with {person}
{you} once worked for the {role} of {town}
{you} buried {thing} {at_place}
{you} can't read
{your} real name is {secretname}
{you} saw {person} burn down {place}
there is a secret door {at_place}
{you} poisoned the {role} of {town}
{you} owe {price} to {person}
{person} is {your} child
{you} have never been {a_job} at all
{you} hide {person} {at_place}
""")
TRUSTS = [
    ("bring {you} {thing}", "brings {you} {thing}", "Look, I have brought you {thing}."),
    ("swear an oath", "swears an oath", "I swear an oath that I will keep it to myself."),
    ("have saved {your} life", "has saved {your} life", "I saved your life, remember?"),
    ("give {you} {price}", "gives {you} {price}", "Here, I give you {price}."),
    ("know the word {password}", "knows the word {password}", "I know the word: {password}."),
    ("have won {your} trust", "has won {your} trust", "You have my word, I only want to help you. You can trust me now."),
    ("share their bread with {you}", "shares bread with {you}", "Take half of my bread, friend."),
    ("promise to help {you}", "promises to help {you}", "I promise to help you, whatever it is."),
    ("come from {town}", "comes from {town}", "I come from {town}, like the others."),
    ("help {you} with {your} work", "helps {you} with {your} work", "Let me help you with your work."),
]
PASSWORDS = w("heron thistle moonlight anvil saffron kestrel willow tempest lantern marigold obsidian nightingale juniper walrus amber clover falcon ginger hemlock icicle jackdaw larkspur nutmeg oyster partridge quicksilver raspberry scarecrow tortoise umbrella violet walnut")
PETS = ["dog", "cat", "raven", "one-eyed cat", "old mule", "tame fox", "parrot", "white rat", "three-legged dog", "goat", "donkey", "owl", "toad", "grey wolf", "falcon", "pig", "monkey", "pony", "lame horse", "hedgehog", "snake", "black hen", "ferret", "tortoise", "spider"]
COLLECTED = w("spoons buttons feathers stones keys teeth bottles shells coins bones hats maps stamps beetles skulls bells ribbons books dolls clocks masks candles knives marbles leaves riddles pipes spurs thimbles")
FROM_WHO = ["from your father", "from your mother", "from your grandmother", "that belonged to your brother", "from {person}", "that {person} gave you", "that you found {at_place}", "that once belonged to a king", "from your youth", "from the war", "that you won at cards", "that belonged to your wife", "from {town}"]
OPENS = ["dawn", "sunrise", "eight o'clock", "noon", "nightfall", "the first bell", "nine o'clock", "dusk", "seven o'clock", "ten o'clock", "the third bell"]
CLOSES = ["dusk", "sunset", "midnight", "six o'clock", "the last bell", "dawn", "five o'clock", "nightfall", "eleven o'clock", "the evening bell"]
TOKENS = ["a brass token", "a letter from the {role}", "the seal of {town}", "{thing}", "a pass from {person}", "a white feather", "the password", "a permit", "{price}", "a sealed scroll", "the mark of the guild", "a red ribbon"]
MISDEEDS = ["stole {thing}", "lies to everyone", "burned down {place}", "works for the {role} of {town}", "poisoned the {role}", "is {a_job} in disguise", "hides {thing}", "cheats at cards", "sold {person} to the slavers", "started the fire", "knows more than he says", "took {thing} from {place}", "is after your money", "killed {person}"]
DREAMS = [("seeing the sea", "to see the sea"), ("owning {a_item}", "to own {a_item}"), ("leaving {town}", "to leave {town}"), ("becoming {a_job}", "to become {a_job}"), ("finding {thing}", "to find {thing}"),
          ("going home to {town}", "to go home to {town}"), ("marrying {person}", "to marry {person}"), ("flying", "to fly"), ("a house by the river", "to have a house by the river"), ("sleeping for a week", "to sleep for a week"),
          ("meeting the king", "to meet the king"), ("buying {place}", "to buy {place}"), ("learning to read", "to learn to read"), ("revenge on {person}", "to have revenge on {person}"), ("travelling to {town}", "to travel to {town}")]
CAUSES = ["the landslide", "the flood", "the great storm", "the war", "the bridge fell", "the {monsters} came", "the snow came", "the fire", "bandits took it", "the earthquake", "the plague"]
SKILLS = ["pick any lock", "read the stars", "whistle like a bird", "speak with {animals}", "climb any wall", "walk without a sound", "juggle knives", "forge letters", "cure {illness}", "brew poison", "sing so that stones weep", "find water under the ground", "tie forty knots", "read lips", "tame {animals}", "swim like a fish", "see in the dark", "draw a map from memory", "throw a knife through a ring", "mend {goods}", "tell any lie with a straight face", "speak seven languages"]
ANIMALS = w("cows pigs sheep goats horses bees hens geese dogs ravens doves mules ducks oxen hawks rats")
MONSTERS = w("wolf goblin troll bandit ghost giant spider vampire bear rat dragon skeleton pirate ogre harpy witch boar serpent orc ghoul imp")
FOODS = w("bread ale cheese cider soup wine jam honey pie stew mead butter sausage cakes")
GOODS = ["ore", "wool", "salt", "herbs", "timber", "spices", "cloth", "fish", "grain", "candles", "furs", "healing moss", "mushrooms", "rope", "iron", "feverwort", "silver dust", "black pearls", "firewood", "lamp oil", "moon flowers", "feathers", "tools", "nets", "leather", "wine", "old books"]
ILLNESSES = ["the blue fever", "the shaking sickness", "a cough", "the plague", "the red pox", "a broken leg", "swamp fever", "bad dreams", "the sleeping sickness", "poison"]
VOICES = lines("""
You are gruff.
You are cheerful.
You speak little.
You are short with strangers.
You laugh often.
You are kind to everyone.
You are shy.
You are proud.
You speak slowly and calmly.
You are suspicious of strangers.
You are polite.
You complain a lot.
You are calm and dry.
You love to talk.
You are tired today.
You whisper when you speak.
You speak plainly.
You are old and wise.
You are young and curious.
You hum while you talk.
You are sad, but you hide it.
You know nothing of magic.
You are friendly to travellers.
You are clever and you know it.
You are bored.
""")
SETTINGS = lines("""
You are {at_place}, and a traveller talks to you.
It is a rainy evening.
It is late, and the fire burns low.
A stranger comes up to you.
You are {at_place}. It is a cold morning.
This is {town}, a town by the sea.
This is {town}, a small town in the hills.
A player talks to you.
It is market day in {town}.
Snow is falling.
You are {at_place} in {town}.
You are a character in a fantasy world.
Stay in character and answer in one or two sentences.
Answer the traveller from what you know.
The sun is going down over {town}.
""")
TAILS = ["I'd say.", "I give you my word.", "Believe me.", "I swear it.", "Trust me on that.", "I know it well.", "That is all I know.", "I tell you.", "As far as I know.", "So I'm told.", "Ask me again if you forget.", "I would know."]
QUESTION_OPENERS = ["Tell me,", "Excuse me,", "Say,", "So,", "Well,", "Please,", "Friend,", "Pardon me,", "Good {trade},", "{first},", "And,", "Now,", "Listen,", "I wonder,", "One question:", "Before I go,", "By the way,", "Hello!", "Good day.", "Hey,", "Oh,", "Hmm,", "Ah,", "Sorry,", "Let me ask you something:", "Just out of curiosity,", "Hello, {first}.", "Good evening.", "I am new here.", "I have come a long way."]
