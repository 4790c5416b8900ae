// RecoloredIconLabel: an icon as a decoration beside text, in the text's colour or one of the status colours,
// following the theme. Says nothing to a screen reader: the text beside it does. GUI thread.
#pragma once

#include "ui/theme/colors.h"

#include <QWidget>

namespace muster {

class RecoloredIconLabel final : public QWidget {
    Q_OBJECT

public:
    explicit RecoloredIconLabel(QString icon, QWidget *parent = nullptr);

    void setIcon(const QString &icon, QColor ThemeColors::*role = &ThemeColors::text);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_icon;
    QColor ThemeColors::*m_role = &ThemeColors::text;
};

} // namespace muster
