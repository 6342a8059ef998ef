// The short names of emoji that turn up in a workplace's chat; any other stays :name:.

const NAMES = `
+1 👍,thumbsup 👍,-1 👎,thumbsdown 👎,clap 👏,wave 👋,pray 🙏,raised_hands 🙌,raised_hand ✋,raising_hand 🙋,ok_hand 👌,muscle 💪,point_right 👉,
point_left 👈,point_up ☝️,point_down 👇,handshake 🤝,speech_balloon 💬,thought_balloon 💭,eyes 👀,bust_in_silhouette 👤,busts_in_silhouette 👥,
smile 😄,grinning 😀,smiley 😃,blush 😊,slightly_smiling_face 🙂,wink 😉,joy 😂,sweat_smile 😅,thinking_face 🤔,thinking 🤔,confused 😕,
neutral_face 😐,cry 😢,sob 😭,disappointed 😞,tada 🎉,sparkles ✨,fire 🔥,rocket 🚀,star ⭐,heart ❤️,100 💯,zap ⚡,bulb 💡,bell 🔔,no_bell 🔕,
white_check_mark ✅,heavy_check_mark ✔️,ballot_box_with_check ☑️,x ❌,negative_squared_cross_mark ❎,question ❓,grey_question ❔,exclamation ❗,
warning ⚠️,no_entry ⛔,no_entry_sign 🚫,octagonal_sign 🛑,rotating_light 🚨,information_source ℹ️,red_circle 🔴,large_yellow_circle 🟡,
large_green_circle 🟢,large_blue_circle 🔵,white_circle ⚪,black_circle ⚫,large_orange_circle 🟠,hourglass ⌛,hourglass_flowing_sand ⏳,
alarm_clock ⏰,clock9 🕘,calendar 📆,date 📅,spiral_calendar_pad 🗓️,memo 📝,pencil ✏️,pencil2 ✏️,clipboard 📋,bar_chart 📊,chart_with_upwards_trend 📈,
chart_with_downwards_trend 📉,mag 🔍,link 🔗,lock 🔒,unlock 🔓,key 🔑,pushpin 📌,round_pushpin 📍,inbox_tray 📥,outbox_tray 📤,package 📦,
envelope ✉️,email 📧,speaker 🔈,loudspeaker 📢,mega 📣,scales ⚖️,balance_scale ⚖️,dart 🎯,compass 🧭,seedling 🌱,checkered_flag 🏁,
triangular_flag_on_post 🚩,double_vertical_bar ⏸️,pause_button ⏸️,arrow_forward ▶️,black_right_pointing_triangle ▶️,fast_forward ⏩,
arrow_right ➡️,arrow_left ⬅️,arrow_up ⬆️,arrow_down ⬇️,arrows_counterclockwise 🔄,repeat 🔁,leftwards_arrow_with_hook ↩️,heavy_plus_sign ➕,
heavy_minus_sign ➖,zzz 💤,coffee ☕,ghost 👻,shrug 🤷,man-shrugging 🤷,wrench 🔧,hammer 🔨,hammer_and_wrench 🛠️,construction 🚧,gear ⚙️,
bug 🐛,label 🏷️,money_with_wings 💸,moneybag 💰,crown 👑,trophy 🏆,mailbox_with_mail 📬,newspaper 📰,open_file_folder 📂,card_index_dividers 🗂️`;

const TABLE = new Map(NAMES.split(",").map((pair) => pair.trim().split(" ")));

export const emoji = (name) => TABLE.get(name.split("::")[0]) ?? null;
