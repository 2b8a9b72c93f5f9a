using NurtureEngine.Channels.Email;

namespace NurtureEngine.IntegrationTests.Email;

/// <summary>The words of an HTML as a reader sees them; broken HTML is read as browsers read it.</summary>
public sealed class PlainTextTests
{
    [Theory]
    [InlineData("<p>a</p><p>b", "a\n\nb")]
    [InlineData("a<br>b<br/><br>c", "a\nb\n\nc")]
    [InlineData("<h1>A</h1>\n  <p>b \n c&nbsp;&amp; d</p>", "A\n\nb c & d")]
    [InlineData("<ul><li>x<li>y</ul>z", "- x\n- y\n\nz")]
    [InlineData("<table><tr><td>a</td><td> b</td></tr><tr><td>c</table>", "a b\nc")]
    [InlineData("<a href=\"https://a.example/?x=1&amp;y=2\">go</a>!", "go (https://a.example/?x=1&y=2)!")]
    [InlineData("<a href='https://a.example'>https://a.example</a>", "https://a.example")]
    [InlineData("<a href='u'>never closed", "never closed (u)")]
    [InlineData("<img alt='A picture'> of it", "A picture of it")]
    [InlineData("x<!-- c -->y", "xy")]
    [InlineData("", "")]
    public void Words_paragraphs_and_links(string html, string text) =>
        Assert.Equal(text + "\n", PlainText.FromHtml(html));

    [Theory]
    [InlineData("<p style='display: none'>x</p>b", "b")]
    [InlineData("<div hidden><div>x</div>y</div>z", "z")]
    [InlineData("<ul><li style=\"display:none\">a<ul><li>b</li></ul>c</li><li>d</li></ul>", "- d")]
    [InlineData("<table><tr><td style='display:none'>a<td>b<td>c</table>", "bc")]
    [InlineData("<div><p hidden>x</div>text", "text")]
    [InlineData("<ul><li hidden>x</ul>rest", "rest")]
    [InlineData("<ul><li>x<li hidden>y<li>z</ul>", "- x\n- z")]
    [InlineData("<head><title>t</title><p>Hello", "Hello")]
    [InlineData("<html><head><style>p{}</style></head><body>Hello", "Hello")]
    [InlineData("a<script>var x = '<p>';</script>b<style>b{}</style>c", "abc")]
    [InlineData("a<noscript><img src='x'></noscript>b", "ab")]
    [InlineData("a<template><p>q</p></template>b", "ab")]
    [InlineData("<div hidden/>x</div>y", "y")]
    [InlineData("text <a href=\"cut o", "text")]
    public void What_is_hidden_stays_so_and_takes_nothing_with_it(string html, string text) =>
        Assert.Equal(text, PlainText.FromHtml(html).TrimEnd('\n'));

    [Fact]
    public void However_deep_it_is_nested_it_is_read_at_once()
    {
        var html = string.Concat(Enumerable.Repeat("<div hidden><p>", 100_000)) + "x";

        Assert.Equal("\n", PlainText.FromHtml(html));
    }
}
