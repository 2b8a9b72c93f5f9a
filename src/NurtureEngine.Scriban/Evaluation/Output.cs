using System.Buffers;

namespace NurtureEngine.Scriban.Evaluation;

/// <summary>The text that is being written, in a buffer that the next rendering uses again. One thread at a time.</summary>
internal sealed class Output
{
    private const int FirstSize = 4_096;
    private char[] _buffer = ArrayPool<char>.Shared.Rent(FirstSize);

    public int Length { get; private set; }

    public void Append(string text)
    {
        if (Length + text.Length > _buffer.Length)
        {
            Grow(Length + text.Length);
        }

        text.CopyTo(_buffer.AsSpan(Length));
        Length += text.Length;
    }

    /// <summary>The text; nothing can be written afterwards.</summary>
    public string Finish()
    {
        var text = new string(_buffer, 0, Length);
        ArrayPool<char>.Shared.Return(_buffer);
        (_buffer, Length) = ([], 0);
        return text;
    }

    private void Grow(int least)
    {
        var larger = ArrayPool<char>.Shared.Rent(Math.Max(least, _buffer.Length * 2));
        _buffer.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<char>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
