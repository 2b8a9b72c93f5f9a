using System.Globalization;
using System.Text;
using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Tracks.Differences;

namespace NurtureEngine.Core.Tests.Diagnostics;

public sealed class SentenceTests
{
    private static readonly CultureInfo Chinese = CultureInfo.GetCultureInfo("zh-CN");

    [Fact]
    public void A_sentence_puts_its_values_into_the_form_of_the_readers_language()
    {
        var known = (Sentence)$"one of {"MQL, SQL"}";
        Sentence sentence = $"'{"Sale"}' is no stage of life cycle '{"default"}'; expected {known}.";

        Assert.Equal("'Sale' is no stage of life cycle 'default'; expected one of MQL, SQL.", $"{sentence}");
        Assert.Equal("“Sale”不是生命周期“default”的阶段；应为以下之一：MQL, SQL。", sentence.In(Chinese));
    }

    [Fact]
    public void A_value_is_said_as_it_was_written_whatever_braces_it_has()
    {
        Sentence sentence = $"'{"{0} {1} {{x}}"}' is no list; expected JSON such as [\"a\", \"b\"].";

        Assert.Equal("“{0} {1} {{x}}”不是列表；应为 [\"a\", \"b\"] 这样的 JSON。", sentence.In(Chinese));
    }

    [Fact]
    public void A_sentence_without_a_translation_stays_in_English() =>
        Assert.Equal("Only 3 are new.", ((Sentence)$"Only {3} are new.").In(Chinese));

    [Fact]
    public void Faults_are_equal_by_what_they_say() =>
        Assert.Equal(
            new Diagnostic("step 'Mail'", "'templateId' is missing."),
            new Diagnostic("step 'Mail'", "templateId", $"is {"missing"}.")
        );

    [Fact]
    public void A_fault_calls_an_input_by_the_name_that_people_see()
    {
        var labels = StepLabels.Of(
            """{"root":{"id":"f","type":"Elsa.Flowchart","activities":[{"id":"m","name":"Mail","type":"Nurture.SendEmail"}]}}"""
        );

        Assert.Equal(
            "“内容”未填写。",
            labels.SentenceOf(new Diagnostic("step 'Mail'", "templateId", "is missing."), Chinese)
        );
    }

    [Fact]
    public void Each_sentence_about_a_definition_is_translated()
    {
        var core = Path.Combine(Repository.Root, "src", "NurtureEngine.Core");
        var files = Directory
            .EnumerateFiles(Path.Combine(core, "Tracks"), "*.cs", SearchOption.AllDirectories)
            .Append(Path.Combine(core, "Diagnostics", "JsonShape.cs"))
            .Append(Path.Combine(core, "Diagnostics", "JsonShape.Values.cs"))
            .Append(Path.Combine(core, "Rulebooks", "CadenceReader.cs"));

        var forms = files.SelectMany(file => FormsIn(File.ReadAllText(file))).ToList();

        Assert.InRange(forms.Count, 90, int.MaxValue);
        Assert.Empty(forms.Where(form => !Sentence.IsTranslated(form)).Distinct());
    }

    // What stands between the name of a method that takes a sentence and the end of the statement.
    private static IEnumerable<string> FormsIn(string source)
    {
        string[] takers =
        [
            ".Fault(",
            " Fault(",
            "new Diagnostic(",
            "Sentence Known(",
            "Sentence Listed(",
            "SentenceOf(",
        ];
        foreach (var taker in takers)
        {
            for (
                var at = source.IndexOf(taker, StringComparison.Ordinal);
                at >= 0;
                at = source.IndexOf(taker, at + 1, StringComparison.Ordinal)
            )
            {
                var result = source[..at].EndsWith("StepResult", StringComparison.Ordinal);
                for (var i = at; !result && i < source.Length && source[i] != ';'; i++)
                {
                    if (
                        source[i] == '"'
                        && Form(source, ref i) is var form
                        && form.Contains(' ')
                        && form != "Duplicate property"
                    )
                    {
                        yield return form;
                    }
                }
            }
        }
    }

    // The form of the text that begins at a quotation mark; the index ends at the closing one.
    private static string Form(string source, ref int at)
    {
        var isInterpolated = source[at - 1] == '$';
        var (form, values) = (new StringBuilder(), 0);
        for (at++; source[at] != '"'; at++)
        {
            if (source[at] == '\\')
            {
                form.Append(source[++at]);
            }
            else if (isInterpolated && source[at] == '{' && source[at + 1] != '{')
            {
                SkipValue(source, ref at);
                form.Append('{').Append(values++).Append('}');
            }
            else
            {
                form.Append(source[at]);
            }
        }

        return
            form.ToString() is var found
            && (found.StartsWith("step '", StringComparison.Ordinal) || found[..Math.Min(1, found.Length)] == "#")
            ? ""
            : found;
    }

    private static void SkipValue(string source, ref int at)
    {
        for (var depth = 1; depth > 0; )
        {
            switch (source[++at])
            {
                case '"':
                    Form(source, ref at);
                    break;
                case '{':
                    depth++;
                    break;
                case '}':
                    depth--;
                    break;
            }
        }
    }
}
