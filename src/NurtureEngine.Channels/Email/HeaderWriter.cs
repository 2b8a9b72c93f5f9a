using System.Globalization;
using System.Text;

namespace NurtureEngine.Channels.Email;

/// <summary>Writes headers (RFC 5322, section 2.2), folded where they get long. A value never begins a header of its own.</summary>
internal sealed class HeaderWriter
{
    private const int GoodLine = 76;
    private readonly StringBuilder _text = new(1024);

    /// <summary>A value that is written for machines: ASCII, or UTF-8 where the message may hold that; folded between its parts.</summary>
    public void Add(string name, params string[] parts)
    {
        _text.Append(name).Append(':');
        var length = name.Length + 1;
        foreach (var part in parts)
        {
            if (part.Any(char.IsControl))
            {
                throw new FormatException($"The value of the header '{name}' holds a line break or control character.");
            }

            if (length + part.Length + 1 > GoodLine && length > name.Length + 1)
            {
                _text.Append("\r\n");
                length = 0;
            }

            _text.Append(' ').Append(part);
            length += part.Length + 1;
        }

        _text.Append("\r\n");
    }

    /// <summary>A text for people.</summary>
    public void AddText(string name, string text) =>
        _text.Append(name).Append(": ").Append(EncodedWord.Encode(text, name.Length + 2)).Append("\r\n");

    /// <summary>A name and address (RFC 5322, section 3.4).</summary>
    public void AddMailbox(string name, string person, string address)
    {
        if (address.Any(c => char.IsControl(c) || c is '<' or '>'))
        {
            throw new FormatException($"The address of the header '{name}' holds a line break or control character.");
        }

        if (person.Length == 0)
        {
            Add(name, address);
            return;
        }

        var shown = EncodedWord.Phrase(person, name.Length + 2);
        var last = shown.Length - (shown.LastIndexOf('\n') + 1);
        var fold = last + name.Length + address.Length + 5 > GoodLine ? "\r\n " : " ";
        _text.Append(name).Append(": ").Append(shown).Append(fold).Append('<').Append(address).Append(">\r\n");
    }

    public void AddDate(string name, DateTimeOffset at) =>
        Add(name, at.ToUniversalTime().ToString("ddd, dd MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture));

    public override string ToString() => _text.ToString();
}
