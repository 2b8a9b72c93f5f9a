using System.Globalization;
using NurtureEngine.Core.Templating;

namespace NurtureEngine.Core.Tests.Templating;

/// <summary>Renderings share nothing, however many run.</summary>
public sealed class SharingTests
{
    [Theory]
    [InlineData("{{ empty.x = 1 }}")]
    [InlineData("{{ with empty; x = 1; end }}")]
    [InlineData("{{ with empty; capture x; 'y'; end; end }}")]
    [InlineData("{{ with empty; import {x: 1}; end; empty.x ?? 'clean' }}")]
    [InlineData("{{ e = empty; e['x'] = 1 }}")]
    public void Nothing_a_rendering_does_is_seen_by_the_next(string template)
    {
        Samples.Render(template);
        var next = Samples.Render("{{ empty.x ?? 'clean' }} {{ {} == empty }}");

        Assert.Equal("clean true", Assert.IsType<RenderResult.Rendered>(next).Text);
    }

    [Fact]
    public void Threads_that_render_for_different_leads_see_their_own()
    {
        var template = Samples.Parsed(
            "{{ o = {}; o.n = n; l = [n]; func f; ret $0; end; capture c; n; end; o.n }}{{ l[0] }}{{ f n }}{{ c }}"
        );
        var wrong = 0;
        Parallel.For(
            0,
            20_000,
            i =>
            {
                var text = template.Render(
                    JsonModel.Parse($$"""{"n": {{i}}}"""),
                    OutputKind.Html,
                    CultureInfo.InvariantCulture
                );
                if (((RenderResult.Rendered)text).Text != string.Concat(Enumerable.Repeat($"{i}", 4)))
                {
                    Interlocked.Increment(ref wrong);
                }
            }
        );

        Assert.Equal(0, wrong);
    }

    [Fact]
    public void One_template_renders_the_same_on_many_threads_at_once()
    {
        var template = Samples.Parsed("{{ for i in 1..50; i; end }}{{ func f; ret $0 + 1; end; f 1 }}{{ x }}");
        var texts = new string[200];
        Parallel.For(
            0,
            texts.Length,
            i =>
                texts[i] = (
                    (RenderResult.Rendered)template.Render(Samples.Model, OutputKind.Html, CultureInfo.InvariantCulture)
                ).Text
        );

        Assert.Single(texts.Distinct());
    }
}
