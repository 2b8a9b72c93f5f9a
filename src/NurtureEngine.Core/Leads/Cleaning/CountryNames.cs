using System.Collections.Frozen;
using NodaTime.TimeZones;

namespace NurtureEngine.Core.Leads.Cleaning;

/// <summary>Countries by what people write for them.</summary>
internal static class CountryNames
{
    private static readonly FrozenDictionary<string, string> Codes = (
        TzdbDateTimeZoneSource.Default.ZoneLocations ?? []
    )
        .SelectMany(location =>
            new[]
            {
                KeyValuePair.Create(location.CountryName, location.CountryCode),
                KeyValuePair.Create(location.CountryCode, location.CountryCode),
            }
        )
        .Concat(
            new Dictionary<string, string>
            {
                ["UK"] = "GB",
                ["United Kingdom"] = "GB",
                ["Great Britain"] = "GB",
                ["England"] = "GB",
                ["USA"] = "US",
                ["United States of America"] = "US",
                ["South Korea"] = "KR",
                ["Korea"] = "KR",
                ["Czechia"] = "CZ",
                ["Holland"] = "NL",
                ["Viet Nam"] = "VN",
                ["Russian Federation"] = "RU",
                ["UAE"] = "AE",
                ["Deutschland"] = "DE",
                ["Österreich"] = "AT",
                ["Schweiz"] = "CH",
                ["España"] = "ES",
                ["Italia"] = "IT",
                ["Brasil"] = "BR",
                ["México"] = "MX",
                ["日本"] = "JP",
                ["中国"] = "CN",
                ["中国大陆"] = "CN",
                ["中华人民共和国"] = "CN",
                ["PRC"] = "CN",
                ["香港"] = "HK",
                ["中国香港"] = "HK",
                ["澳门"] = "MO",
                ["中国澳门"] = "MO",
                ["台湾"] = "TW",
                ["中国台湾"] = "TW",
                ["美国"] = "US",
                ["英国"] = "GB",
                ["德国"] = "DE",
                ["法国"] = "FR",
                ["韩国"] = "KR",
                ["新加坡"] = "SG",
                ["马来西亚"] = "MY",
                ["澳大利亚"] = "AU",
                ["加拿大"] = "CA",
                ["印度"] = "IN",
                ["俄罗斯"] = "RU",
                ["意大利"] = "IT",
                ["西班牙"] = "ES",
                ["荷兰"] = "NL",
                ["瑞士"] = "CH",
                ["瑞典"] = "SE",
                ["巴西"] = "BR",
                ["墨西哥"] = "MX",
                ["泰国"] = "TH",
                ["越南"] = "VN",
                ["印度尼西亚"] = "ID",
                ["菲律宾"] = "PH",
            }
        )
        .GroupBy(pair => pair.Key, StringComparer.OrdinalIgnoreCase)
        .ToFrozenDictionary(group => group.Key, group => group.First().Value, StringComparer.OrdinalIgnoreCase);

    /// <summary>The ISO 3166-1 code of a country that somebody wrote; the text itself where it is none that is known.</summary>
    public static string Normalise(string text) => Codes.GetValueOrDefault(text.Trim()) ?? text;
}
