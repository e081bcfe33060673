/// Everyday English and that of insurance and hospitals, each word with the Chinese one that people would have used.
///
/// A row is a Chinese word, then the English ones, phrases too, with commas between. Endings of English (`s`, `es`, `ed`, `ing`) need no rows.
enum EnglishWordsData {
    /// Words that say nothing where others do, and what they are by themselves.
    static let interjections = """
        你好: hi, hello, hey, hi there, hello there, hey there, dear sir, good morning, good afternoon, \
        good evening, morning, greetings, yo
        好的: ok, okay, okey, k, alright, all right, fine, well, cool, great, good, nice, perfect, yeah, yep, yup, \
        sure, of course, no problem, got it, \
        i see, deal, roger
        谢谢: thanks, thank you, thx, thanks a lot, thank you very much, thank you so much, many thanks, tks, ty, \
        appreciate it, cheers, \
        thanks in advance
        不好意思: sorry, excuse me, pardon, pardon me, oops, my bad, i am sorry, i'm sorry, apologies, sorry to bother you
        请: please, pls, plz, kindly, could you please, can you please, would you please
        哈哈: haha, hahaha, lol, lmao, hehe, hh, xd
        天啊: omg, oh my god, my god, oh my, gosh, wow, jesus, wtf, damn, oh no
        嗯: um, uh, hm, hmm, mm, oh, ah, aha, erm, uhm, uh huh, eh, huh
        那个: so, then, and, but, anyway, anyways, by the way, btw, actually, basically, literally, honestly, \
        frankly, seriously, really, \
        obviously, definitely, absolutely, exactly, totally, probably, perhaps, maybe, just, simply, indeed, \
        however, though, although, besides, also, \
        too, still, even, only, again, first of all, firstly, secondly, finally, in fact, as a matter of fact, \
        to be honest, to be frank, tbh, imo, imho, fyi, \
        you know, you see, i mean, i think, i guess, i suppose, i believe, i wonder, i was wondering, let me see, \
        let's see, let us see, look, \
        listen, guess what, kind of, sort of, kinda, sorta, or something, or so, or not, or what, and so on, etc, \
        such as, for example, like i said, \
        as you know, unfortunately, fortunately, luckily, hopefully, somehow, right, isn't it, you know what, \
        quick question, one question, a question, \
        one more thing, another question, one more question, in general, in detail, in short, at all, by chance, \
        for sure, at least, after all, at the moment, \
        yes or no
        先生: sir, madam, miss, mr, mrs, ms, ma'am, mister, dear, guys, buddy, bro, dude, \
        everyone, everybody, darling, honey, \
        sweetie, babe
        急: asap, urgent, urgently, hurry, hurry up, sos, as soon as possible, waiting online, quickly
        """

    /// Words that Chinese does without.
    static let particles =
        "the a an of to for is are am was were be been being do does did it its it's at on by as up into than s t re ve ll d m"

    static let words = """
        我: my, i, me, myself, i'm, i am, i've, i'd, i'll
        我的: mine
        你: your, ur, you, u, you're
        你的: yours
        他: his, he, him, he's
        她: she, her, she's, hers
        我们: our, we, us, we're, we've
        我们的: ours
        你们: you guys, you all, y'all
        他们: their, they, them, they're, those people
        他们的: theirs
        自己: self, oneself, yourself, himself, herself, themselves, on my own, by myself
        本人: in person
        谁: who, whom, who's
        谁的: whose
        别人: others, someone else, somebody else, other people, another person
        人: person, people, someone, somebody
        家人: family member, folks at home, relative
        家庭: family, household
        老公: husband, hubby
        老婆: wife, wifey
        老伴: spouse, partner
        爱人: lover
        未婚妻: fiancee
        未婚夫: fiance
        男朋友: boyfriend, bf
        女朋友: girlfriend, gf
        我妈: my mom, my mum, my mother, my mama, my mommy
        我爸: my dad, my father, my papa, my daddy
        我爸妈: my parents, my folks
        妈妈: mom, mum, mother, mommy, mummy, momma
        爸爸: dad, father, daddy
        爸妈: mom and dad, dad and mom, mum and dad
        父母: parents, parent
        孩子: kid, child, children, youngster
        宝宝: baby, infant, toddler
        新生儿: newborn, newborn baby, new baby, new born
        儿子: son, boy
        女儿: daughter, girl
        爷爷: grandpa, grandfather, granddad
        奶奶: grandma, grandmother, granny, nana
        爷爷奶奶: grandparents
        孙子: grandson
        孙女: granddaughter
        孙子女: grandchildren, grandchild, grandkid
        哥哥: elder brother, big brother, older brother
        弟弟: brother, little brother, younger brother
        姐姐: elder sister, big sister, older sister
        妹妹: sister, little sister, younger sister
        兄弟姐妹: sibling
        公公: father in law
        婆婆: mother in law
        叔叔: uncle
        阿姨: aunt, auntie, aunty
        表哥: cousin
        侄子: nephew
        侄女: niece
        朋友: friend, best friend, bestie
        同事: colleague, coworker, co-worker, workmate, teammate
        同学: classmate
        室友: roommate
        邻居: neighbor, neighbour
        老人: elderly, elder, old man, old people, senior, senior citizen, old folks
        学生: student, pupil, undergraduate, postgraduate
        大学生: college student, university student
        老师: teacher, professor
        员工: staff, worker
        老板: boss, employer, manager
        农民: farmer, peasant
        自由职业: freelancer, freelance, self employed, self employment, gig worker
        灵活就业: flexible employment, flexible job, part time, part timer, gig
        外国人: foreigner, expat, foreign
        居民: resident, inhabitant
        职工: employee, employee insurance
        职工医保: employee medical insurance, employee health insurance, urban employee insurance
        居民医保: resident medical insurance, resident insurance, residents insurance, resident health insurance
        新农合: rural insurance, rural cooperative
        医保: insurance, medical insurance, health insurance, medicare, healthcare, health care, \
        medical care insurance, health plan, medical plan, medical, \
        public insurance
        社保: social insurance, social security
        商业保险: commercial insurance, private insurance
        大病保险: critical illness insurance, serious illness insurance, major illness insurance
        生育保险: maternity insurance, birth insurance
        养老保险: pension insurance
        养老金: pension, pension money
        工伤: work injury, work related injury, injury at work, industrial injury, occupational injury
        医保局: insurance bureau, medical insurance bureau, healthcare bureau, insurance office, \
        medical insurance office, bureau
        医保卡: medical card, insurance card, health card, health insurance card, medical insurance card, medicare card
        社保卡: social security card, social insurance card
        卡: card
        银行卡: bank card, debit card, credit card
        身份证: id, id card, identity card, identity, identification
        电子凭证: e-card, ecard, electronic voucher, e-voucher, electronic certificate, digital card, digital id, \
        electronic insurance card
        二维码: qr code, qr, barcode, code to scan
        码: code
        验证码: verification code
        密码: password, pin, passcode
        账户: account, acct
        个人账户: personal account, individual account, my account money
        账号: username, account number, login
        余额: balance, remaining balance, money left
        家庭共济: family account, family sharing, family share, shared account, family pool, share with family, mutual aid
        保费: premium, insurance fee, insurance premium
        缴费: pay, paid, paying, payment, make a payment, pay premium, contribution, contribute, pay for insurance, \
        top up
        补缴: make up, pay back, back pay, back payment, pay the gap, make up payment, repay
        断缴: lapse, lapsed, stop paying, stopped paying, unpaid, miss a payment, missed payment, interrupted, \
        interruption, gap
        停保: stop insurance, quit insurance, withdraw from insurance
        续保: renew, renewal
        参保: join, enroll, enrol, enrollment, enrolled, insured, sign up for insurance, get insured, insure, \
        get insurance, participate, buy insurance
        参保地: insured place, place of insurance, insured city
        年限: years of contribution, contribution years, number of years
        费用: fee, cost, expense, charge, spending, expenditure
        钱: money, fund, dollar, bucks
        现金: cash
        元: yuan, rmb, cny
        多少钱: how much, how much money, how much is it, how much does it cost, how much do i pay, price
        报销: reimburse, reimbursement, reimbursed, claim, reimbursable, cover, covered, coverage, claim back, \
        get back, get reimbursed
        手工报销: manual claim, manual reimbursement, paper claim
        退款: refund, refunded, money back, get a refund
        退费: refund premium
        报销比例: reimbursement rate, reimbursement ratio, coverage rate, reimbursement percentage, coverage ratio
        比例: ratio, rate, percentage, percent, proportion
        起付线: deductible, threshold, starting line, minimum threshold
        封顶线: ceiling, cap, upper limit, maximum, max, max limit, maximum limit
        额度: limit, quota, amount, allowance limit
        自付: copay, copayment, co-pay, coinsurance, out of pocket
        自费: own expense, self pay, at my own expense, pay myself, self-funded, own cost
        免费: free, free of charge, for free
        折扣: discount
        便宜: cheap, cheaper, cheapest, affordable
        贵: expensive, pricey, costly
        工资: salary, wage, pay slip, income
        津贴: allowance, subsidy, benefit money, stipend
        补贴: grant
        生育津贴: maternity allowance, maternity pay, maternity benefit, birth allowance
        产假: maternity leave
        待遇: benefit, entitlement, treatment level
        税: tax
        债: debt
        扣: deduct, deduction, deducted
        到账: arrive in account, credited, received money
        转账: transfer money, wire
        银行: bank
        发票: invoice, receipt, fapiao
        账单: bill
        票据: slip, voucher, ticket
        清单: list, checklist, itemized list
        证明: proof, certificate, certification, prove, evidence
        材料: document, paper, paperwork, material, file needed, documentation, required documents, necessary documents
        文件: policy document
        表: form, table, sheet
        申请: apply, apply for, application, applied, applying, request
        登记: register, registration, registered, sign up, signup, enlist
        备案: filing, file, filed, record-filing, \
        report in advance, recordation, file for record, put on record
        备案看病: register for treatment, register for medical treatment, register for medical care, file for treatment
        异地就医备案: register for treatment elsewhere, file for treatment elsewhere
        异地就医: medical treatment elsewhere, treatment elsewhere, out of town treatment, cross-province treatment, \
        remote treatment, see a doctor in another city, \
        medical care in another city, treatment in another city, hospital in another city
        异地: another city, other city, different city, out of town, elsewhere, another province, other province, \
        remote, cross province, other place, \
        another place, out of province, nonlocal, non-local
        外省: outside the province
        本地: local, locally
        临时: temporary, temporarily, short term
        长期: long term, permanent, permanently
        办理: handle, process it, deal with, get it done, arrange, proceed, go through
        手续: procedure, formality, formalities
        流程: process, workflow, step, flow
        政策: policy, regulation
        规定: rule, stipulation, provision
        条件: condition, requirement, eligibility, qualification, prerequisite
        符合: eligible, qualify, qualified, meet
        标准: standard, criteria, criterion
        范围: scope, range
        目录: catalogue, catalog, directory, drug list
        区别: difference, differ, distinction
        不同: different, differently
        一样: same, identical, equal, the same
        信息: info, information, data, detail
        问题: question, problem, issue, trouble, query
        原因: reason, cause
        结果: result, outcome, feedback
        进度: progress, status, state
        记录: record, history, log
        系统: system
        有效期: validity, valid period, expiry, expiration date, expire, expired
        有效: valid, effective
        截止: deadline, due date, due, cutoff
        成功: success, successful, succeed, successfully
        失败: fail, failed, failure, unsuccessful, error
        定点: designated, appointed
        定点医院: designated hospital, network hospital
        医院: hospital, clinic hospital
        诊所: clinic
        医生: doctor, physician, dr, doc
        护士: nurse
        病人: patient
        看病: see a doctor, see doctor, seeing a doctor, visit a doctor, go to hospital, go to the hospital, \
        see the doctor, medical treatment, medical care, treatment, treat, \
        get treatment, get treated, consult a doctor
        门诊: outpatient, outpatient visit, out patient, opd
        住院: hospitalized, hospitalised, hospitalization, hospitalisation, inpatient, in-patient, in hospital, \
        in the hospital, be hospitalized, stay in hospital, admitted, admission, \
        hospital stay, ward
        出院: discharge, discharged, leave hospital, out of hospital
        急诊: emergency, er, emergency room, emergency department
        急救: first aid
        救护车: ambulance
        救命: save me, save him, save her, save us, lifesaving
        晕倒: faint, pass out, passed out, collapse, collapsed, blackout, black out
        昏迷: unconscious, unresponsive, coma, lost consciousness
        呼吸: breathe, breath, breathing
        不能呼吸: can't breathe, cannot breathe, not breathing, stop breathing, stopped breathing, short of breath
        抽搐: seizure, convulsion, twitching
        流血: bleed, bleeding
        大出血: bleeding heavily, heavy bleeding, bleeding a lot
        胸口疼: chest pain, chest hurts
        肚子疼: stomach ache, stomachache, belly ache, abdominal pain
        头疼: headache
        头晕: dizzy, dizziness
        咳嗽: cough
        呕吐: vomit, throw up, throwing up
        过敏: allergy, allergic
        中毒: poison, poisoned, poisoning, overdose
        自杀: suicide, kill myself, end my life, suicidal
        噎住: choke, choking
        溺水: drown, drowning
        烧伤: burn, burned, burnt
        触电: electric shock
        转诊: referral, refer, referred, transfer hospital, transfer to another hospital, change hospital
        手术: surgery, operation, operate, surgical
        检查: exam, examination, test, checkup exam, scan, screening
        体检: checkup, check-up, physical, physical exam, physical examination, body check, health check, \
        medical checkup
        化验: lab test, blood test
        化疗: chemo, chemotherapy
        透析: dialysis
        药: medicine, drug, medication, meds, pill, tablet
        买药: buy medicine, buy drugs, get medicine, purchase medicine, buy meds, buy medication
        药店: pharmacy, drugstore, drug store, chemist
        处方: prescription, prescribe
        中药: herbal medicine, chinese medicine, tcm
        疫苗: vaccine, vaccination, jab, shot
        打针: injection, inject
        治疗: therapy, cure
        康复: rehab, rehabilitation, recovery, recover
        病: illness, disease, sickness, ill, sick, ailment
        大病: serious illness, major illness, critical illness, serious disease, major disease
        慢性病: chronic, chronic disease, chronic illness, chronic condition, long term illness
        慢特病: special disease, special chronic disease
        癌症: cancer, tumor, tumour, carcinoma
        糖尿病: diabetes, diabetic
        高血压: hypertension, high blood pressure
        心脏病: heart disease, heart attack, heart problem
        中风: stroke
        感冒: cold, flu, influenza, catch a cold
        发烧: fever
        疼: pain, hurt, ache, painful, sore
        骨折: fracture, broken leg, broken arm, broken bone
        受伤: injured, injury, wound, wounded
        意外: accident, accidental
        被车撞了: hit by a car, hit by car, run over by a car, knocked down by a car
        被狗咬了: bitten by a dog, dog bite, bit by a dog
        车祸: car accident, traffic accident, car crash
        摔: fell down, fall down
        牙: tooth, teeth, dental
        牙科: dentist
        眼睛: eye
        心脏: heart
        血: blood
        怀孕: pregnant, pregnancy, expecting
        产检: prenatal, prenatal check, prenatal checkup, antenatal
        生孩子: give birth, giving birth, have a baby, having a baby, childbirth, delivery of a baby, \
        deliver a baby, gave birth, labor
        生育: maternity, birth, fertility
        剖腹产: c-section, cesarean, caesarean, csection
        顺产: natural birth, vaginal birth
        流产: miscarriage, abortion
        试管婴儿: ivf, test tube baby
        死: die, dead, death
        去世: pass away, passed away, deceased
        残疾: disabled, disability, handicapped
        低保: low income, poor family, poverty
        困难: difficult, difficulty, hard
        救助: aid, relief, assistance, medical aid, medical assistance
        长期护理: long term care, nursing care, nursing
        护理: care
        退休: retire, retired, retirement, retiree
        失业: unemployed, lose my job, lost my job, laid off, jobless, unemployment, fired
        辞职: quit, resign, resigned, quit my job, quit job, leave my job, left my job, resignation
        换工作: change job, new job, change my job, switch job, job change
        工作: job, work
        上班: go to work, on duty
        打工: work outside, work as a migrant
        单位: company, firm, workplace, work unit, corporation
        合同: contract
        创业: startup, start a business
        毕业: graduate, graduated, graduation
        学校: school, campus
        大学: university, college
        孤儿: orphan
        出差: business trip, on business
        旅游: travel, trip, tour, tourism, vacation, holiday trip
        搬家: move house, moving, relocate, relocation, moved
        转移: transfer, shift, move my insurance, transfer my insurance
        合并: merge, combine
        户口: residence registration, household registration, hukou registration
        居住证: residence permit
        护照: passport
        签证: visa
        绿卡: green card
        国外: abroad, overseas, foreign country
        出国: go abroad, leave the country, going abroad
        中国: china
        香港: hong kong, hongkong, hk
        澳门: macau, macao
        台湾: taiwan
        西藏: tibet
        内蒙古: inner mongolia
        北京: peking
        城市: city, town
        省: province
        县: county
        农村: rural, countryside, village
        老家: hometown, home town
        家: home, house
        地方: place, location, site, area, spot
        地址: address
        在哪里: where's, where is, where are, located, where can i find
        在哪里能: where can i, where could i
        去哪里: where should i go, where to go, where do i go, where to
        哪里: where, whereabouts
        附近: nearby, near, close to, around
        这里: here
        那里: over there
        窗口: window, counter, desk
        大厅: hall, service hall, service center, service centre, lobby, service window
        网上: online, on line, on the internet, internet, web, on the web, via internet
        网站: website, site online, webpage, web page
        手机: phone, mobile, cellphone, cell phone, mobile phone, smartphone, cell
        电话: call, telephone, tel, phone call, dial
        电话号码: phone number, telephone number, number to call, contact number, mobile number, hotline number
        热线: hotline, helpline
        号码: number
        短信: sms, text message
        邮件: email, e-mail, mail
        微信: wechat, weixin
        支付宝: alipay
        小程序: mini program, miniprogram, mini app
        公众号: official account
        下载: download
        上传: upload
        扫码: scan the code, scan code
        打印: print, print out
        复印件: copy, photocopy, xerox
        照片: photo, picture, pic, image
        激活: activate, activation
        开通: enable, turn on, switch on
        绑定: bind, link, connect, add to account, attach
        解绑: unbind, unlink, disconnect, detach, remove binding
        添加: add
        删除: delete, remove, erase
        丢了: lost, lose, missing, stolen
        挂失: report loss, report the loss, report lost, report it lost
        补办: reissue, replace, replacement, get a new card, new card
        冻结: frozen, freeze, block, locked
        找回: retrieve
        重置: reset
        人工: human, real person, real human, human agent, live agent, agent, operator, representative, \
        human service, talk to a person, speak to a person, talk to a human, real people, \
        customer service, customer support, manual service
        机器人: robot, bot, chatbot
        投诉: complain, complaint, report a problem, report fraud
        举报: whistleblow, report someone
        骗: cheat, fraud, scam, fake
        预约: book, booking, appointment, make an appointment, reserve, reservation
        挂号: register at hospital, registration at hospital
        排队: queue, line up, wait in line
        今天: today
        明天: tomorrow
        昨天: yesterday
        现在: now, right now, nowadays, currently, at present
        今年: this year
        去年: last year
        明年: next year
        每年: every year, per year, yearly, annual, annually, each year, a year
        每月: every month, per month, monthly, each month, a month
        这个月: this month
        上个月: last month
        下个月: next month
        年: year, yr
        月: month
        天: day
        周: week
        周末: weekend
        周一: monday
        周二: tuesday
        周三: wednesday
        周四: thursday
        周五: friday
        周六: saturday
        周日: sunday
        小时: hour
        分钟: minute, mins
        岁: years old, year old
        年龄: age
        什么时候: when, what time, when is, when can i
        多久: how long, how soon, how long does it take, how long will it take, how many days, how much time
        几年: how many years
        时间: time, office hours, opening hours
        以前: before, previously, in the past, ago, used to
        以后: after, later, afterwards, after that, in the future, from now on
        已经: already
        刚刚: just now, recently
        马上: soon, immediately, at once, right away
        最近: recent, lately
        还没: not yet, yet, haven't, hasn't
        总是: always
        有时: sometimes
        经常: often, usually
        一次: once, one time
        两次: twice
        二: two
        三: three
        四: four
        五: five
        六: six
        七: seven
        八: eight
        九: nine
        十: ten
        一半: half
        第一: first
        第二: second
        第三: third
        最后: last
        下一个: next
        上一个: previous
        怎么: how, how do, how to, how does, how can, how should, how could, in what way
        我怎么: how do i, how can i, how should i, how could i, how do we, how can we
        怎么办: what to do, what should i do, what can i do, what do i do, what now, what shall i do
        那: what about, how about, and what about, and how about
        怎么样: how is, how's
        什么: what, what kind of, what kind, what's, what sort of
        什么是: what is, what are, what does mean, what is the meaning of
        我需要什么: what do i need, what should i bring, what do i have to bring
        什么意思: what does it mean, what do you mean, meaning, mean, what does that mean
        为什么: why, how come, why is, why did, why does, what for
        哪个: which, which one
        哪些: which ones
        多少: how many, how much of
        有没有: is there, are there, is there any, do you have, do we have
        我能不能: can i, could i, may i, am i able to, am i allowed to, can we
        能不能: can you, could you, can he, can she, can they, can it, whether, if i can, is it possible, possible, \
        can my
        我要不要: do i need to, do i have to, should i, do i need, must i
        要不要: do you need, is it necessary, need to or not
        可以: can, may, could, might, allow, allowed, permit, be able to, able, permitted
        不能: can't, cannot, can not, couldn't, unable, not able to, not allowed
        可以吗: is it ok, is that ok, is it okay, is it alright
        应该: should, supposed to, ought to, shall
        必须: must, have to, has to, got to, gotta, required, mandatory, compulsory
        需要: need, needed, need to, require, necessary
        不需要: don't need, no need, needn't, unnecessary, doesn't need
        想: want, want to, wanna, would like, would like to, i'd like to, wish, hope, plan to, going to, gonna, \
        intend to, wanted
        我想: i want, i want to, i would like to, i'd like, i wanna, i hope to
        我要: i need, i need to, i have to, i will
        知道: know, known, aware
        不知道: don't know, do not know, i don't know, idk, no idea, i have no idea, not sure, i'm not sure, dunno, \
        i do not know, unsure
        明白: understand, understood, clear
        不懂: don't understand, do not understand, i don't understand, don't get it, confused, i don't get it, confusing
        告诉我: tell me, let me know, inform me
        告诉: tell, inform, notify
        解释: explain, explanation, clarify
        介绍: introduce, introduction
        帮我: help me, help me with, could you help me, can you help me
        帮忙: help, assist, give a hand, need help
        问: ask, inquire, enquire, ask about, asking
        查: check, look up, search, search for, check on, find out, inquire about, lookup
        查询: inquiry, enquiry
        看: see, look at, view, watch, read
        找: find, look for, looking for
        用: use, using, utilize, usage
        去: go, go to, going, went, gone, visit
        来: come, come to, came
        到: arrive, reach
        回: back, return, go back, come back
        买: buy, bought, purchase
        卖: sell, sold
        给: give, gave, given
        拿: take, bring, fetch, pick up, took, carry
        得到: get, got, obtain, receive, received
        有: have, has, had, own, with, there is, there are, having
        没有: have no, don't have, do not have, doesn't have, without, didn't have, there is no, none, no more, \
        i don't have, haven't got
        没: didn't, did not, nothing, never
        不: not, don't, doesn't, do not, does not, isn't, won't, wouldn't, aren't, wasn't, non
        不是: no, nope, nah, not really, it's not, is not, not that, no no, wrong
        是的: yes, that's right, correct, yes please, yeah that's right, exactly right
        不对: that's wrong, not right, incorrect, not correct, that is wrong, that's not right
        对: true
        错: mistake, mistaken
        不要: don't want, do not want, doesn't want, don't want to, i don't want to, no thanks
        算了: forget it, never mind, nevermind, forget about it, drop it
        取消: cancel, cancelled, canceled, abort, cancellation
        停止: stop, halt, stopped, cease
        等一下: wait, hold on, wait a minute, wait a moment, one moment, just a moment, hang on, wait a second, one sec
        等: wait for, waiting
        继续: continue, go on, keep going, carry on, resume, proceed with it, move on
        返回: go back to the last step
        重新开始: restart, start over, start again, begin again, from the beginning
        再说一遍: say it again, say again, repeat, repeat that, pardon what, one more time, come again, once more, \
        repeat please, say that again
        跳过: skip, pass, skip it
        开始: start, begin, started, beginning
        结束: end, finish, finished, over, done, complete, completed
        选: choose, select, pick, option, choice
        改: change, modify, alter, update, edit, correct it, changed, revise
        换: switch, swap, exchange
        变: become
        提交: submit, submission, hand in, submitted
        寄: post, send by mail, mail it
        发: send, sent, deliver
        收到: got the message
        填: fill, fill in, fill out
        签: sign, signature
        审核: review, approve, approval, approved, audit
        拒绝: reject, rejected, refuse, refused, decline, declined, denied, deny
        通过: passed
        联系: contact, get in touch, reach out
        住: live, living, stay, reside
        坐: sit
        让: let, make
        叫: called
        说: say, said, speak, talk, talk about, mention
        听: hear, heard
        觉得: feel, felt
        喜欢: like, love, enjoy
        怕: afraid, worry, worried, scared
        试: try, tried, attempt
        影响: affect, effect, influence, impact
        算: calculate, compute, count, work out, calculation, figure out
        估计: estimate, approximately, about how much
        一共: total, in total, altogether, totally amount, overall
        全部: all, whole, entire, full, everything, fully, all of it
        部分: part, partial, portion, partly
        更多: more, many more, additional, extra
        很多: many, much, a lot, lots, lots of, a lot of, plenty
        少: less, few, little, fewer
        最多: most, at most
        最少: minimum, minimal, least
        大: big, large, huge
        小: small, tiny
        高: high, higher, highest
        低: low, lower, lowest
        长: long
        短: short
        新: new
        旧: old, previous one
        快: fast, quick, faster, quicker, speed up
        慢: slow, slowly, slower
        早: early, earlier
        晚: late
        好: better, best
        不好: bad, terrible, awful, poor, worse, worst
        重要: important
        简单: easy, simple
        容易: easily
        麻烦: troublesome, hassle, complicated, annoying, complex
        安全: safe, security, secure, safety
        可靠: reliable, trust
        笨: stupid, idiot, dumb, useless, foolish, moron
        滚: fuck, fuck you, shut up, shit, bullshit, bastard, asshole
        如果: if, in case, suppose
        因为: because, since, cause of, due to, because of
        所以: therefore, thus, so that
        但是: yet still, otherwise
        或者: or, either, or else
        和: plus, together, along with, as well as, together with
        跟: compared with, versus, vs
        从: from
        在: in, inside, within, at the place
        关于: about, regarding, concerning, with regard to
        除了: except, apart from, other than
        期间: during, while, period
        直到: until, till
        每: every, each, per
        任何: any, anything, whatever
        一些: some, several, something, a few
        其他: other, another, rest, else, anything else, something else
        这个: this, this one, these
        那个: that, that one, those
        这样: like this, this way, such
        那么: that much
        非常: very, so much, extremely, super, quite, pretty, highly
        太: too much, too many
        名字: full name, name of
        性别: gender, sex
        男: male
        女: female, woman, lady
        已婚: married, marriage, marry
        离婚: divorce, divorced
        再见: bye, goodbye, bye bye, byebye, see you, see ya, see you later, good night, have a nice day, \
        take care, talk later, cya, good bye, that's all, \
        that's all thanks
        天气: weather
        食物: food, meal, eat
        饭店: restaurant
        电影: movie, film
        音乐: music, song
        游戏: game
        股票: stock
        房子: apartment, flat
        车: car, vehicle
        火车: train
        飞机: plane, flight, airplane
        酒店: hotel
        彩票: lottery
        贷款: loan, mortgage
        快递: express, parcel, courier, package
        外卖: takeaway, takeout, food delivery, delivery rider
        骑手: rider
        司机: driver
        商店: shop, store, supermarket
        英语: english
        中文: chinese, mandarin
        语言: language
        翻译: translate, translation
        专家: expert, specialist
        科室: department
        社区: community
        床位: bed
        """

    /// Words that are something else by themselves: common Chinese ones in letters (有, 和, 惨), or names (IT, US, WHO).
    static let besideEnglish =
        "age am an as can die er he his it like long man may me pin she song us who yo you"
}
