// What the micro-frontends offer to a plugin's code, as far as ours asks for it. One file for every package of theirs.
interface Node { type: string, props: Record<string, string>, children: string[] }
type Component = () => Node;

export function createElement(type: string, props: Record<string, string>, ...children: unknown[]): Node {
  return { type, props, children: children as string[] };
}

// The older ones: @edx/frontend-platform and the plugin framework.
export const getConfig = () => said().config;
export const getLocale = (): string => said().locale;
export const DIRECT_PLUGIN = 'direct';
export const PLUGIN_OPERATIONS = { Insert: 'insert', Hide: 'hide', Modify: 'modify', Wrap: 'wrap' };

// The newer ones: @openedx/frontend-base.
export enum WidgetOperationTypes { APPEND = 'widgetAppend', PREPEND = 'widgetPrepend' }
export interface SlotOperation { slotId: string, id: string, op: WidgetOperationTypes, component: Component }
export interface ExternalScriptLoaderClass { name: string }
export interface ExternalRoute { role: string, url: string }
export interface App { appId: string, slots?: SlotOperation[], externalScripts?: ExternalScriptLoaderClass[] }
export interface SiteConfig { apps?: App[], externalRoutes?: ExternalRoute[], commonAppConfig?: Record<string, unknown> }
export const getSiteConfig = (): SiteConfig => ({ commonAppConfig: said().config });

interface Said { locale: string, config: Record<string, unknown> }
const said = (): Said => (globalThis as unknown as { said: Said }).said;
