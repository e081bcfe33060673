/// Characters that are taken for one another in handwriting, by scanning and on a keyboard that draws them.
enum Lookalikes {
    /// Groups of characters that are taken for one another in handwriting and by scanning.
    static let of: [Unicode.Scalar: [Unicode.Scalar]] = {
        var result: [Unicode.Scalar: [Unicode.Scalar]] = [:]
        for group in shapes.split(separator: " ") {
            let members = Array(group.unicodeScalars)
            for member in members { result[member, default: []] += members.filter { $0 != member } }
        }
        return result
    }()

    private static let shapes = """
        己已巳 未末 土士 日曰 人入八 天夫无 千干于 大太犬 自白百 今令 王玉主 刀力 几凡 母毋 贝见 卖买 折拆 侯候 治冶 \
        拨拔 报极 保堡 险捡检 备各 案寀 住往注 院浣 医匠 药约 费资 诊珍 门们 卡下 异导 地他 就京 钱线 交文 外处 停亭 断继 续读 \
        转传 移侈 报服 销消 比此 例列 缴激 单草 位立 退迟 休体 老考 職织 工上 个介 账帐 户尸 余佘 额颇 查香 询洵 办为 理埋 \
        需雷 要耍 材村 料科枓 生牛 育肓 津律 贴站 产严 检捡 慢馒 病疾 特持 手乎 术木 本术 家豕 共其 绑梆 定宝 亲杂 女如 儿几 \
        打行 电由 话活 号另 码妈 在存 哪那 线钱 上土 网罔 取职 窗窄 口日 年午 限恨 期朝 满蒲 怎怒 么公 能熊 可司 以似 多夕 少小 
        """
}
