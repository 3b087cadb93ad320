using System.Collections.Frozen;

namespace WireGuardian.Sql.MySql;

/// <summary>
/// Which letters weigh the same as a plainer one: those of Latin, Greek and Cyrillic whose compatibility decomposition (Unicode, UAX 15) is one letter with marks, and
/// those that utf8mb3_general_ci takes for another. A table, for a server without ICU decomposes nothing.
/// </summary>
internal static class NameFolds
{
    // The first letter of each line stands for all of the line.
    private const string Lines = """
        $﹩＄
        0⁰₀⓪０
        1¹₁①１
        2²₂②２
        3³₃③３
        4⁴₄④４
        5⁵₅⑤５
        6⁶₆⑥６
        7⁷₇⑦７
        8⁸₈⑧８
        9⁹₉⑨９
        _︳︴﹍﹎﹏＿
        aªàáâãäåāăąǎǟǡǻȁȃȧᴬᵃḁạảấầẩẫậắằẳẵặₐⓐａ
        bᴮᵇḃḅḇℬⓑｂ
        cçćĉċčᶜḉℂℭⅽⓒꟲｃ
        dďđᴰᵈḋḍḏḑḓⅅⅆⅾⓓｄ
        eèéêëēĕėęěȅȇȩᴱᵉḕḗḙḛḝẹẻẽếềểễệₑℯℰⅇⓔｅ
        fᶠḟℱⓕꟳｆ
        gĝğġģǧǵᴳᵍḡℊⓖｇ
        hĥħȟʰᴴḣḥḧḩḫẖₕℋℌℍℎℏⓗꟸｈ
        iìíîïĩīĭįİıǐȉȋᴵᵢḭḯỉịⁱℐℑℹⅈⅰⓘｉ
        jĵǰʲᴶⅉⓙⱼｊ
        kķǩᴷᵏḱḳḵₖⓚｋ
        lĺļľłˡᴸḷḹḻḽₗℒℓⅼⓛｌ
        mᴹᵐḿṁṃₘℳⅿⓜｍ
        nñńņňǹᴺṅṇṉṋⁿₙℕⓝｎ
        oºòóôõöøōŏőơǒǫǭǿȍȏȫȭȯȱᴼᵒṍṏṑṓọỏốồổỗộớờởỡợₒℴⓞｏ
        pᴾᵖṕṗₚℙⓟｐ
        qℚⓠꟴｑ
        rŕŗřȑȓʳᴿᵣṙṛṝṟℛℜℝⓡｒ
        sßśŝşšſșˢṡṣṥṧṩₛⓢｓ
        tţťŧțᵀᵗṫṭṯṱẗₜⓣｔ
        uùúûüũūŭůűųưǔǖǘǚǜȕȗᵁᵘᵤṳṵṷṹṻụủứừửữựⓤｕ
        vᵛᵥṽṿⅴⓥⱽｖ
        wŵʷᵂẁẃẅẇẉẘⓦｗ
        xˣẋẍₓⅹⓧｘ
        yýÿŷȳʸẏẙỳỵỷỹⓨｙ
        zźżžᶻẑẓẕℤℨⓩｚ
        æǣǽᴭ
        ðᶞ
        ŋᵑ
        œꟹ
        ƫᶵ
        ǝᴲ
        ȣᴽ
        ɐᵄ
        ɑᵅ
        ɒᶛ
        ɔᵓ
        ɕᶝ
        əᵊₔ
        ɛᵋℇ
        ɜᵌᶟ
        ɟᶡ
        ɡᶢ
        ɣˠ
        ɥᶣ
        ɦʱ
        ɨᶤ
        ɩᶥ
        ɪᶦ
        ɫꭞ
        ɭᶩ
        ɯᵚ
        ɰᶭ
        ɱᶬ
        ɲᶮ
        ɳᶯ
        ɴᶰ
        ɵᶱ
        ɸᶲ
        ɹʴ
        ɻʵ
        ʁʶ
        ʂᶳ
        ʃᶴ
        ʉᶶ
        ʊᶷ
        ʋᶹ
        ʌᶺ
        ʍꭩ
        ʐᶼ
        ʑᶽ
        ʒǯᶾ
        ʕˤ
        ʝᶨ
        ʟᶫ
        αάἀἁἂἃἄἅἆἇὰάᾀᾁᾂᾃᾄᾅᾆᾇᾰᾱᾲᾳᾴᾶᾷ
        βᵝᵦ
        γᵞᵧℽℾ
        δᵟ
        εέἐἑἒἓἔἕὲέ
        ηήἠἡἢἣἤἥἦἧὴήᾐᾑᾒᾓᾔᾕᾖᾗῂῃῄῆῇ
        θᶿ
        ιΐίϊἰἱἲἳἴἵἶἷὶίιῐῑῒΐῖῗ
        οόὀὁὂὃὄὅὸό
        πℼℿ
        ρᵨῤῥ
        σςϲ
        υΰϋύϒϓϔὐὑὒὓὔὕὖὗὺύῠῡῢΰῦῧ
        φᵠᵩ
        χᵡᵪ
        ωώὠὡὢὣὤὥὦὧὼώᾠᾡᾢᾣᾤᾥᾦᾧῲῳῴῶῷ
        аӑӓ
        гѓ
        еѐёӗ
        жӂӝ
        зӟ
        ийѝӣӥ
        кќ
        нᵸ
        оӧ
        уўӯӱӳ
        чӵ
        ъꚜ
        ыӹ
        ьꚝ
        эӭ
        ії
        ѵѷ
        әӛ
        өӫ
        ᴂᵆ
        ᴖᵔ
        ᴗᵕ
        ᴜᶸ
        ᴝᵙ
        ᴥᵜ
        ᵻᶧ
        ᶅᶪ
        ꜧꭜ
        ꝯꝰ
        ꬷꭝ
        ꭒꭟ
        """;

    private static readonly FrozenDictionary<char, char> ByLetter = Lines.Split('\n')
        .SelectMany(line => line.TrimEnd('\r')[1..].Select(letter => (letter, plain: line[0])))
        .ToFrozenDictionary(pair => pair.letter, pair => pair.plain);

    /// <summary>The plain letter in lower case.</summary>
    public static char Plain(char letter)
    {
        if (ByLetter.TryGetValue(letter, out var plain))
            return plain;
        var lower = char.ToLowerInvariant(char.ToUpperInvariant(letter));
        return ByLetter.GetValueOrDefault(lower, lower);
    }
}
