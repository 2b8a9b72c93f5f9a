using System.Globalization;
using System.Resources;
using NurtureEngine.Pages.Texts;

namespace NurtureEngine.IntegrationTests.Pages;

/// <summary>The pages' words are there in each language.</summary>
public sealed class WordsTests
{
    [Fact]
    public void No_word_is_missing_in_either_language()
    {
        var (english, chinese) = (Keys(CultureInfo.InvariantCulture), Keys(new CultureInfo("zh-CN")));

        Assert.True(english.Count > 50);
        Assert.Equal(english.Order(), chinese.Order());
    }

    private static List<string> Keys(CultureInfo culture) =>
        [
            .. new ResourceManager(typeof(Words))
                .GetResourceSet(culture, createIfNotExists: true, tryParents: false)!
                .Cast<System.Collections.DictionaryEntry>()
                .Select(entry => (string)entry.Key),
        ];
}
