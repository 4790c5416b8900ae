#include "app/demo_agent/symbols/doc_comment.h"

#include "app/demo_agent/analysis/text.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace muster::demo {

namespace {

constexpr qsizetype maxCommentLines = 60;

bool isLineComment(const QString &line, const Language &language)
{
    return std::ranges::any_of(
               language.lineComments,
               [&](const char *mark) { return *mark != '\0' && line.startsWith(QLatin1StringView(mark)); }) &&
           !line.startsWith("#include"_L1) && !line.startsWith("#!"_L1);
}

QString withoutMarks(QString line)
{
    static const QRegularExpression open(
        uR"(^\s*(/\*+!?<?|\*+(?!/)|//+[!/]*<?|#+(?![a-z]+ *[<"(])|--+|;+|dnl\b)[*\-=#/ ]{0,3}\s?)"_s);
    static const QRegularExpression close(uR"(\s*\*+/\s*$)"_s);
    line.replace(close, QString());
    line.replace(open, QString());
    static const QRegularExpression ruler(uR"(^[\s*\-=#/_~+.]+$)"_s);
    return ruler.match(line).hasMatch() ? QString() : line;
}

QString cleaned(const QStringList &lines)
{
    QStringList bare;
    for (const QString &line : lines)
        bare.append(withoutMarks(line).trimmed());
    return bare.join(u'\n').trimmed();
}

// Between a comment and what it describes may stand attributes, decorators and template heads.
bool isBetween(const QString &line)
{
    return line.startsWith(u'@') || line.startsWith("#["_L1) || line.startsWith("template"_L1) ||
           line.startsWith("[["_L1) || line.startsWith("__attribute__"_L1);
}

} // namespace

QString commentBefore(const QStringList &lines, qsizetype line, const Language &language)
{
    qsizetype at = line - 1;
    while (at >= 0 && isBetween(lines.at(at).trimmed()))
        --at;
    const qsizetype last = at;
    const QLatin1StringView blockOpen(language.blockOpen);
    const QLatin1StringView blockClose(language.blockClose);
    if (at >= 0 && !blockClose.isEmpty() && lines.at(at).trimmed().endsWith(blockClose)) {
        while (at >= 0 && last - at < maxCommentLines && !lines.at(at).contains(blockOpen))
            --at;
        if (at < 0 || !lines.at(at).trimmed().startsWith(blockOpen))
            return {};
        return cleaned(lines.sliced(at, last - at + 1));
    }
    while (at >= 0 && last - at < maxCommentLines && isLineComment(lines.at(at).trimmed(), language))
        --at;
    return last > at ? cleaned(lines.sliced(at + 1, last - at)) : QString();
}

QStringList leadingComments(const QStringList &lines, const Language &language)
{
    QStringList blocks;
    QStringList block;
    bool inBlock = false;
    const QLatin1StringView blockOpen(language.blockOpen);
    const QLatin1StringView blockClose(language.blockClose);
    const auto finish = [&] {
        if (const QString text = cleaned(block); !text.isEmpty())
            blocks.append(text);
        block.clear();
    };
    const QStringList head = lines.first(std::min<qsizetype>(lines.size(), 200));
    for (const QString &raw : head) {
        const QString line = raw.trimmed();
        if (inBlock || (!blockOpen.isEmpty() && line.startsWith(blockOpen))) {
            if (!inBlock)
                finish();
            block.append(line);
            inBlock = !line.contains(blockClose);
            if (!inBlock)
                finish();
        } else if (isLineComment(line, language)) {
            block.append(line);
        } else if (line.isEmpty() || line.startsWith("#!"_L1) || line.startsWith("<?php"_L1) ||
                   line.startsWith("#pragma"_L1) || line.startsWith("#ifndef"_L1) ||
                   line.startsWith("#define"_L1) || line.startsWith("'use strict'"_L1) ||
                   line.startsWith("\"use strict\""_L1)) {
            finish();
        } else {
            break;
        }
    }
    finish();
    return blocks;
}

QString docStringAt(const QStringList &lines, qsizetype line)
{
    static const QRegularExpression open(uR"(^\s*[rRuUbBfF]{0,2}("""|'''|"(?!"")|'(?!''))(.*)$)"_s);
    while (line < lines.size() && lines.at(line).trimmed().isEmpty())
        ++line;
    if (line >= lines.size())
        return {};
    const auto match = open.match(lines.at(line));
    if (!match.hasMatch())
        return {};
    const QString quote = match.captured(1);
    QStringList text;
    QString rest = match.captured(2);
    for (qsizetype at = line; at < lines.size() && at - line < maxCommentLines; ++at) {
        if (at > line)
            rest = lines.at(at).trimmed();
        const qsizetype end = rest.indexOf(quote);
        text.append(end < 0 ? rest : rest.first(end));
        if (end >= 0 || quote.size() == 1)
            break;
    }
    return text.join(u'\n').trimmed();
}

bool isBoilerplate(const QString &comment)
{
    static const QRegularExpression legal(
        uR"(copyright|licen[cs]ed? |\blicen[cs]e\b|SPDX-|all rights reserved|permission is hereby|warrant(y|ies)|have received a copy|redistribut|free software|in the public domain|do not edit|^shellcheck |-\*-.*-\*-|\bvim?:|eslint|jshint|jslint|istanbul|prettier-ignore|global |pylint:|coding[:=]|@flow|ts-check|@ts-|^Authors?:|^Created by|^Maintainer)"_s,
        QRegularExpression::CaseInsensitiveOption);
    return legal.match(comment.first(std::min<qsizetype>(comment.size(), 600))).hasMatch();
}

} // namespace muster::demo
