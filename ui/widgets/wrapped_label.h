// Labels whose text comes and goes: plain, broken into lines, and without any room while there is none.
// GUI thread.
#pragma once

#include <QLabel>
#include <QVariant>

namespace muster {

// `role` as in ui/theme/style_sheet.cpp: muted, error. Hidden until it says something.
[[nodiscard]] inline QLabel *wrappedLabel(const QString &role, QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setProperty("role", role);
    label->hide();
    return label;
}

inline void showText(QLabel *label, const QString &text)
{
    label->setText(text);
    label->setVisible(!text.isEmpty());
}

} // namespace muster
