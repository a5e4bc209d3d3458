"""Brings the many ways of writing one character to one way, without moving any position."""

from __future__ import annotations

from functools import lru_cache

_TRADITIONAL = str.maketrans(
    "兩點號塊錢萬億貳參陸後個張機訂單證間過週禮節時鐘開無從給辦選門邊國東廈龍華長聯電話碼費還這對"
    "應會來農曆臘陽聖誕慶勞動兒婦頭數圓專員預縣臺雙鄉處銀視業黃陳劉楊趙吳馬孫許鄭馮鄧蕭葉蘇呂蔣賈"
    "韋鄒閻譚廖賴龔嚴賀顧龐倫請麼廳場訊書為與離嗎鋪將幫離飛確認題問錯謝換沒儲餘額繳帳賬綁嬰爺媽現"
    "實際線網級經濟艙務轉別刪試該說語讓聽見覺買賣價貴賠償運達遲誤遠進連區樓層車廣漢瀋烏魯齊島寧蘭"
    "滿齡歲隨擇擔據遞發變產條極樣種紅約紙終結統續總義習聲職腦舊術補裝裡裏規計記討設評詢詳誰調談論"
    "讀負財貨質資較輕載輸適郵醫銷錄鎖鐵關閉雖雜難靜頁項順須領類顯風養騙驗體鬧麗傳倆備優剛則創劃協"
    "卻啟團園圖壓夠學寫屬帶幣庫強態慣戶擠擺敗斷於曉權樂歡歸氣決況準煩熱爭狀獨獎環畫當盡監盤稅穩筆"
    "簡簽細組絕絡綠維緊編罰羅興舉複復訴診註証詞誠諾講識譯議讚貼賺贈趕軟輛遊鄰釐鈕鎮鏈隊階雲霧頻願"
    "飯飲館駕鬆鳳沖儘偉傑勝莊瓊鵬鶴鋒鈺穎瑩蓮嬌嫻紹俠喬湯溫盧鍾駱鮑歐麥檯櫃護擊聞嘗寬納繼驚療藥獲"
    "愛憑擁傷僅雞",
    "两点号块钱万亿贰叁陆后个张机订单证间过周礼节时钟开无从给办选门边国东厦龙华长联电话码费还这对"
    "应会来农历腊阳圣诞庆劳动儿妇头数圆专员预县台双乡处银视业黄陈刘杨赵吴马孙许郑冯邓萧叶苏吕蒋贾"
    "韦邹阎谭廖赖龚严贺顾庞伦请么厅场讯书为与离吗铺将帮离飞确认题问错谢换没储余额缴账账绑婴爷妈现"
    "实际线网级经济舱务转别删试该说语让听见觉买卖价贵赔偿运达迟误远进连区楼层车广汉沈乌鲁齐岛宁兰"
    "满龄岁随择担据递发变产条极样种红约纸终结统续总义习声职脑旧术补装里里规计记讨设评询详谁调谈论"
    "读负财货质资较轻载输适邮医销录锁铁关闭虽杂难静页项顺须领类显风养骗验体闹丽传俩备优刚则创划协"
    "却启团园图压够学写属带币库强态惯户挤摆败断于晓权乐欢归气决况准烦热争状独奖环画当尽监盘税稳笔"
    "简签细组绝络绿维紧编罚罗兴举复复诉诊注证词诚诺讲识译议赞贴赚赠赶软辆游邻厘钮镇链队阶云雾频愿"
    "饭饮馆驾松凤冲尽伟杰胜庄琼鹏鹤锋钰颖莹莲娇娴绍侠乔汤温卢钟骆鲍欧麦台柜护击闻尝宽纳继惊疗药获"
    "爱凭拥伤仅鸡",
)
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_UPPER = {ord(lower): ord(lower.upper()) for lower in "abcdefghijklmnopqrstuvwxyz"}
_WIDE_UPPER = {wide: _UPPER.get(narrow, narrow) for wide, narrow in _WIDE.items()}
_MARKS = {ord("\u3000"): " ", ord("￥"): "¥", ord("×"): "X", ord("〇"): "零", ord("○"): "零"}
_TABLE: dict[int, int | str] = {**_TRADITIONAL, **_UPPER, **_WIDE_UPPER, **_MARKS}


#: Messages of customers, and pieces of them, are folded again and again in one turn.
_SHORT = 100


def fold(text: str) -> str:
    """Narrow, upper-case, simplified: one code point stays one code point.

    >>> fold("ｃａ１２３４　幾點")
    'CA1234 幾点'
    """
    return _folded(text) if len(text) <= _SHORT else text.translate(_TABLE)


@lru_cache(maxsize=1024)
def _folded(text: str) -> str:
    return text.translate(_TABLE)
