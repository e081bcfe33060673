// What the widget itself says, by language. What the assistant says comes from the server.
const simplified = {
  title: "医保小导", robot: "机器人自动回复", close: "收起对话", send: "发送", ask: "想问什么",
  elder: "长辈模式", settings: "设置", size: "字号", smaller: "小一点", larger: "大一点",
  theme: "颜色", auto: "跟随系统", light: "浅色", dark: "深色", contrast: "高对比",
  language: "界面语言", read: "自动读出回答", forget: "清空对话", forgetSure: "真的清空？再按一次",
  forgetWait: "连上以后才能清空，请稍等。", log: "对话", you: "您说：", assistant: "助手说：",
  choices: "可以选", filter: "输入几个字找一找", found: "找到 {n} 个", sources: "来源",
  undated: "日期不详", table: "表格，可以左右滑动", steps: "办理步骤", helpful: "有帮助", unhelpful: "没帮上",
  thanks: "记下了，谢谢。", speak: "读出来", stop: "停止朗读", listen: "用说的", listening: "请说话……",
  print: "打印清单", working: "正在查……", connecting: "正在连接……", waiting: "已断开，正在重连。您发的话都留着，连上就送出。",
  restored: "已恢复，话都送到了。", forbidden: "这个网站没有获准使用本助手。", polling: "网络只通了一半，回答会慢一点。",
  queued: "等着送出", refusedLong: "这句太长了，请分几次说。", refused: "这句没送到，请换个说法再试。",
  note: "请不要发身份证号、银行卡号和密码。可以说：上一步、取消、重来、人工。",
  newer: "看最新的", unread: "{n} 条新回答", unidentified: "登录没有核实，请在这个网站重新登录。", broken: "聊天窗口没能打开，请刷新页面再试。",
};

const traditional = {
  title: "醫保小導", robot: "機器人自動回覆", close: "收起對話", send: "發送", ask: "想問什麼",
  elder: "長輩模式", settings: "設定", size: "字號", smaller: "小一點", larger: "大一點",
  theme: "顏色", auto: "跟隨系統", light: "淺色", dark: "深色", contrast: "高對比",
  language: "介面語言", read: "自動讀出回答", forget: "清空對話", forgetSure: "真的清空？再按一次",
  forgetWait: "連上以後才能清空，請稍等。", log: "對話", you: "您說：", assistant: "助手說：",
  choices: "可以選", filter: "輸入幾個字找一找", found: "找到 {n} 個", sources: "來源",
  undated: "日期不詳", table: "表格，可以左右滑動", steps: "辦理步驟", helpful: "有幫助", unhelpful: "沒幫上",
  thanks: "記下了，謝謝。", speak: "讀出來", stop: "停止朗讀", listen: "用說的", listening: "請說話……",
  print: "列印清單", working: "正在查……", connecting: "正在連線……", waiting: "已斷開，正在重連。您發的話都留著，連上就送出。",
  restored: "已恢復，話都送到了。", forbidden: "這個網站沒有獲准使用本助手。", polling: "網路只通了一半，回答會慢一點。",
  queued: "等著送出", refusedLong: "這句太長了，請分幾次說。", refused: "這句沒送到，請換個說法再試。",
  note: "請不要發身份證號、銀行卡號和密碼。可以說：上一步、取消、重來、人工。",
  newer: "看最新的", unread: "{n} 條新回答", unidentified: "登入沒有核實，請在這個網站重新登入。", broken: "聊天視窗沒能打開，請重新整理頁面再試。",
};

const english = {
  title: "Insurance guide", robot: "Automatic replies", close: "Close the chat", send: "Send", ask: "Your question, in Chinese",
  elder: "Large print", settings: "Settings", size: "Text size", smaller: "Smaller", larger: "Larger",
  theme: "Colours", auto: "As the system", light: "Light", dark: "Dark", contrast: "High contrast",
  language: "Language of the controls", read: "Read answers aloud", forget: "Erase the conversation", forgetSure: "Really erase? Press again",
  forgetWait: "This needs a connection; one moment.", log: "Conversation", you: "You said: ", assistant: "Assistant said: ",
  choices: "Choices", filter: "Type to narrow the list", found: "{n} found", sources: "Sources",
  undated: "undated", table: "Table, scrolls sideways", steps: "Steps", helpful: "Helpful", unhelpful: "Not helpful",
  thanks: "Noted, thank you.", speak: "Read aloud", stop: "Stop reading", listen: "Speak", listening: "Listening…",
  print: "Print as a checklist", working: "Looking it up…", connecting: "Connecting…", waiting: "Disconnected, trying again. What you send is kept and goes out then.",
  restored: "Connected again; everything was delivered.", forbidden: "This site may not use the assistant.", polling: "The network is restricted; answers take a little longer.",
  queued: "waiting to be sent", refusedLong: "That is too long; please say it in parts.", refused: "That was not delivered; please try other words.",
  note: "Never send ID, card or password numbers. You can say: 上一步 (back), 取消 (cancel), 重来 (restart), 人工 (a person).",
  newer: "To the newest", unread: "{n} new answers", unidentified: "Your sign-in could not be verified; please sign in to this site again.", broken: "The chat could not be opened; please reload the page.",
};

export const languages = { "zh-CN": "简体中文", "zh-Hant": "繁體中文", en: "English" };

const tables = { "zh-CN": simplified, "zh-Hant": traditional, en: english };

// The word by its key, with `{n}` filled in.
export function wordsIn(locale) {
  const table = tables[locale] || simplified;
  return (key, n) => table[key].replace("{n}", n);
}
