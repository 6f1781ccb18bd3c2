/// Names of emoji that terminals draw two columns wide, for completion.
enum EmojiNames {
  /// By name, in alphabetical order.
  static let all: [(name: String, emoji: String)] = {
    let words = table.split { $0 == " " || $0 == "\n" }.map(String.init)
    return stride(from: 0, to: words.count - 1, by: 2).map { (words[$0], words[$0 + 1]) }
  }()

  /// The emoji whose names begin with the stem, the exact name first; then those whose names contain it after a `_`.
  static func beginning(with stem: String) -> [(name: String, emoji: String)] {
    let stem = stem.lowercased()
    let exact = all.filter { $0.name == stem }
    let beginning = all.filter { $0.name != stem && $0.name.hasPrefix(stem) }
    let inside = all.filter { !$0.name.hasPrefix(stem) && $0.name.contains("_\(stem)") }
    return exact + beginning + inside
  }

  private static let table = """
    alarm_clock ⏰  alien 👽  anger 💢  angry 😠  apple 🍎  art 🎨  astonished 😲  baby 👶  balloon 🎈  banana 🍌
    bar_chart 📊  basketball 🏀  battery 🔋  bear 🐻  bee 🐝  beer 🍺  beers 🍻  bell 🔔  bike 🚲  bird 🐦
    birthday 🎂  black_circle ⚫  black_heart 🖤  blue_circle 🔵  blue_heart 💙  blush 😊  bomb 💣  book 📖
    books 📚  boom 💥  bow 🙇  brain 🧠  bread 🍞  broken_heart 💔  bug 🐛  bulb 💡  bus 🚌  butterfly 🦋
    cactus 🌵  cake 🍰  calendar 📅  call_me 🤙  camera 📷  car 🚗  cat 🐱  champagne 🍾  chart 📈  chart_down 📉
    check ✅  checkered_flag 🏁  cheese 🧀  cherries 🍒  chocolate 🍫  clap 👏  clipboard 📋  clown 🤡
    cocktail 🍸  coffee ☕  cold_sweat 😰  computer 💻  confetti 🎊  confused 😕  construction 🚧  cookie 🍪
    cool 🆒  corn 🌽  cow 🐮  crab 🦀  credit_card 💳  cross_mark ❌  crossed_fingers 🤞  crossed_flags 🎌  cry 😢  dancer 💃
    dart 🎯  dash 💨  dice 🎲  dizzy 💫  dna 🧬  dog 🐶  dollar 💵  doughnut 🍩  earth 🌍  egg 🥚  elephant 🐘
    email 📧  exclamation ❗  exploding_head 🤯  expressionless 😑  eyes 👀  facepalm 🤦  family 👪  fearful 😨
    file 📁  fire 🔥  first_place 🥇  fish 🐟  fist ✊  flag 🚩  flashlight 🔦  flushed 😳  four_leaf_clover 🍀
    fox 🦊  free 🆓  fries 🍟  frog 🐸  game 🎮  gem 💎  ghost 👻  gift 🎁  globe 🌐  green_circle 🟢
    green_heart 💚  grimacing 😬  grin 😁  guitar 🎸  hamburger 🍔  hammer 🔨  handshake 🤝  headphones 🎧
    hear_no_evil 🙉  heart 💖  heart_eyes 😍  hourglass ⏳  house 🏠  hugs 🤗  hundred 💯  icecream 🍦  imp 👿
    inbox 📥  innocent 😇  joy 😂  key 🔑  kissing_heart 😘  laughing 😆  lemon 🍋  link 🔗  lion 🦁  lock 🔒
    lying 🤥  mag 🔍  magnet 🧲  mailbox 📫  man 👨  mask 😷  medal 🏅  metal 🤘  microphone 🎤  microscope 🔬
    minus ➖  money 💰  monkey 🐵  moon 🌙  mouse 🐭  movie 🎬  muscle 💪  mushroom 🍄  musical_note 🎵  nerd 🤓
    neutral_face 😐  new 🆕  no_bell 🔕  no_entry ⛔  no_mouth 😶  notes 🎶  nut_and_bolt 🔩  ocean 🌊
    octopus 🐙  office 🏢  ok 🆗  ok_hand 👌  open_mouth 😮  orange_heart 🧡  outbox 📤  owl 🦉  package 📦
    palm 🌴  panda 🐼  paperclip 📎  party 🥳  pencil 📝  penguin 🐧  pensive 😔  phone 📱  pig 🐷  pill 💊
    pizza 🍕  pleading 🥺  plug 🔌  plus ➕  point_down 👇  point_left 👈  point_right 👉  point_up 👆  poop 💩
    popcorn 🍿  pray 🙏  punch 👊  purple_heart 💜  pushpin 📌  question ❓  rage 😡  rainbow 🌈
    raised_hands 🙌  ramen 🍜  recycle 🔄  red_circle 🔴  relieved 😌  robot 🤖  rocket 🚀  rofl 🤣
    rolling_eyes 🙄  rose 🌹  rotating_light 🚨  runner 🏃  santa 🎅  satellite 📡  scream 😱  second_place 🥈
    see_no_evil 🙈  seedling 🌱  ship 🚢  shrug 🤷  shushing 🤫  skull 💀  sleeping 😴  sleepy 😪
    slightly_smiling 🙂  smile 😄  smiley 😃  smirk 😏  snail 🐌  snake 🐍  snowman ⛄  sob 😭  soccer ⚽
    soon 🔜  sos 🆘  sparkles ✨  speak_no_evil 🙊  speech_balloon 💬  star ⭐  star2 🌟  stop 🛑  strawberry 🍓
    sunflower 🌻  sunglasses 😎  sunrise 🌅  sushi 🍣  sweat_drops 💦  sweat_smile 😅  syringe 💉  taco 🌮
    tada 🎉  tea 🍵  telephone 📞  telescope 🔭  tennis 🎾  tent ⛺  test_tube 🧪  thinking 🤔  third_place 🥉
    thought_balloon 💭  thumbsdown 👎  thumbsup 👍  tiger 🐯  tired 😫  tomato 🍅  top 🔝  train 🚆  tree 🌳
    triumph 😤  trophy 🏆  tulip 🌷  turtle 🐢  tv 📺  two_hearts 💕  umbrella ☔  unamused 😒  unicorn 🦄
    unlock 🔓  up 🆙  upside_down 🙃  vulcan 🖖  watch ⌚  watermelon 🍉  wave 👋  weary 😩  whale 🐳
    white_circle ⚪  white_heart 🤍  wine 🍷  wink 😉  woman 👩  worried 😟  wrench 🔧  yellow_circle 🟡
    yellow_heart 💛  yum 😋  zany 🤪  zap ⚡  zzz 💤
    """
}
