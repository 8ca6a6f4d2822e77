import { render } from 'preact';
import { App } from './app.tsx';
import './style/font.css';
import './style/theme.css';
import './style/base.css';
import './style/shell.css';
import './style/controls.css';
import './style/panels.css';
import './style/now.css';
import './style/contactless.css';
import './style/payments.css';
import './style/print.css';

const place = document.getElementById('console');
if (place) render(<App />, place);
