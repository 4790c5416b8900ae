#include "core/viewmodel/terminal_filter.h"

#include "core/viewmodel/terminal_sequences.h"

#include <QChar>
#include <QList>
#include <QString>

namespace muster {
namespace {

constexpr uchar escapeByte = 0x1b;
constexpr uchar bell = 0x07;
constexpr uchar cancelByte = 0x18;
constexpr uchar substitute = 0x1a;
constexpr qsizetype maxEscape = 4; // no allowed sequence is longer

bool isPassedControl(uchar byte)
{
    return (byte >= 0x07 && byte <= 0x0f); // BEL BS HT LF VT FF CR SO SI
}

// How many bytes follow a lead byte; 0: not a lead byte of UTF-8.
int followersOf(uchar lead)
{
    if (lead >= 0xc2 && lead <= 0xdf)
        return 1;
    if (lead >= 0xe0 && lead <= 0xef)
        return 2;
    return lead >= 0xf0 && lead <= 0xf4 ? 3 : 0;
}

bool isCombining(char32_t c)
{
    switch (QChar::category(c)) {
    case QChar::Mark_NonSpacing:
    case QChar::Mark_Enclosing:
    case QChar::Mark_SpacingCombining:
    case QChar::Other_Format:
        return true;
    default:
        return false;
    }
}

} // namespace

QByteArray TerminalFilter::filter(QByteArrayView bytes)
{
    QByteArray out;
    out.reserve(bytes.size());
    qsizetype at = 0;
    while (at < bytes.size()) {
        if (m_state == State::Ground) {
            const qsizetype from = at;
            while (at < bytes.size() && bytes[at] >= 0x20 && bytes[at] < 0x7f)
                ++at;
            if (at > from) {
                m_combining = 0;
                out += bytes.sliced(from, at - from);
                continue;
            }
        }
        step(static_cast<uchar>(bytes[at++]), out);
    }
    return out;
}

void TerminalFilter::step(uchar byte, QByteArray &out)
{
    if (m_state != State::Ground && m_state != State::Utf8 && (byte == cancelByte || byte == substitute)) {
        enter(State::Ground);
        return;
    }
    switch (m_state) {
    case State::Ground:
        ground(byte, out);
        return;
    case State::Utf8:
        utf8(byte, out);
        return;
    case State::Escape:
    case State::EscapeIntermediate:
        escape(byte, out);
        return;
    case State::Csi:
    case State::CsiIgnore:
        csi(byte, out);
        return;
    case State::Osc:
    case State::String:
    case State::StringEscape:
        string(byte, out);
        return;
    }
}

void TerminalFilter::ground(uchar byte, QByteArray &out)
{
    if (byte == escapeByte) {
        enter(State::Escape);
        return;
    }
    if (byte < 0x80) {
        m_combining = 0;
        if (isPassedControl(byte) || (byte >= 0x20 && byte != 0x7f))
            out += static_cast<char>(byte);
        return;
    }
    m_utf8Left = followersOf(byte);
    if (m_utf8Left == 0) {
        // Not UTF-8: a replacement character instead of a byte that a decoder might take for a control.
        out += "\xef\xbf\xbd";
        return;
    }
    enter(State::Utf8);
    m_pending += static_cast<char>(byte);
}

void TerminalFilter::utf8(uchar byte, QByteArray &out)
{
    if (byte < 0x80 || byte > 0xbf) {
        out += "\xef\xbf\xbd";
        enter(State::Ground);
        step(byte, out);
        return;
    }
    m_pending += static_cast<char>(byte);
    if (--m_utf8Left == 0)
        finishCharacter(out);
}

void TerminalFilter::finishCharacter(QByteArray &out)
{
    const QString text = QString::fromUtf8(m_pending);
    const char32_t c = text.isEmpty() ? 0xfffd : text.toUcs4().value(0, 0xfffd);
    m_combining = isCombining(c) ? m_combining + 1 : 0;
    const bool isC1 = c >= 0x80 && c <= 0x9f;
    if (!isC1 && m_combining <= maxCombining)
        out += text.toUtf8();
    enter(State::Ground);
}

void TerminalFilter::escape(uchar byte, QByteArray &out)
{
    if (byte == escapeByte) {
        enter(State::Escape);
        return;
    }
    if (byte < 0x20) {
        if (isPassedControl(byte))
            out += static_cast<char>(byte);
        return;
    }
    if (m_state == State::Escape) {
        switch (byte) {
        case '[':
            enter(State::Csi);
            return;
        case ']':
            enter(State::Osc);
            return;
        case 'P':
        case '_':
        case '^':
        case 'X':
        case 'k': // screen's title
            enter(State::String);
            return;
        default:
            break;
        }
    }
    if (byte >= 0x7f) { // not part of any sequence
        enter(State::Ground);
        step(byte, out);
        return;
    }
    if (m_pending.size() <= maxEscape)
        m_pending += static_cast<char>(byte);
    if (byte <= 0x2f) {
        m_state = State::EscapeIntermediate;
        return;
    }
    if (!isAllowedEscape(m_pending)) {
        enter(State::Ground);
        return;
    }
    out += '\x1b';
    out += m_pending;
    enter(State::Ground);
}

void TerminalFilter::csi(uchar byte, QByteArray &out)
{
    if (byte == escapeByte) {
        enter(State::Escape);
        return;
    }
    if (byte < 0x20) {
        if (isPassedControl(byte))
            out += static_cast<char>(byte);
        return;
    }
    if (byte >= 0x7f) { // not part of any sequence
        enter(State::Ground);
        if (byte >= 0x80)
            step(byte, out);
        return;
    }
    if (byte < 0x40) {
        if (m_state == State::Csi && m_pending.size() >= maxSequence)
            m_state = State::CsiIgnore;
        if (m_state == State::Csi)
            m_pending += static_cast<char>(byte);
        return;
    }
    if (m_state == State::CsiIgnore) {
        enter(State::Ground);
        return;
    }
    out += allowedCsi(m_pending, byte, maxNumber);
    enter(State::Ground);
}

void TerminalFilter::string(uchar byte, QByteArray &out)
{
    if (m_state == State::StringEscape) {
        if (byte == '\\') {
            enter(State::Ground);
        } else { // another sequence begins: the string ends unterminated
            enter(State::Escape);
            step(byte, out);
        }
        return;
    }
    if (byte == escapeByte) {
        m_state = State::StringEscape;
        return;
    }
    const bool osc = m_state == State::Osc;
    const bool lineEnd = osc && (byte == '\n' || byte == '\r');
    if ((osc && byte == bell) || lineEnd || ++m_skipped > (osc ? maxOscBytes : maxStringBytes)) {
        enter(State::Ground);
        if (lineEnd)
            out += static_cast<char>(byte);
    }
}

void TerminalFilter::enter(State state)
{
    m_state = state;
    m_pending.clear();
    m_skipped = 0;
}

PastedText sanitizePaste(const QString &clipboard)
{
    PastedText pasted;
    pasted.text.reserve(clipboard.size());
    for (qsizetype i = 0; i < clipboard.size(); ++i) {
        const QChar c = clipboard[i];
        if (c == u'\r') {
            if (i + 1 == clipboard.size() || clipboard[i + 1] != u'\n')
                pasted.text += u'\n';
        } else if (c == u'\n' || c == u'\t' || c.category() != QChar::Other_Control) {
            pasted.text += c;
        } else {
            pasted.changed = true;
        }
    }
    pasted.multiLine = QStringView(pasted.text).trimmed().contains(u'\n') || pasted.text.endsWith(u'\n');
    return pasted;
}

} // namespace muster
